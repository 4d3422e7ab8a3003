import { VesselError } from '@vessel/proto/errors'
import { fromBytes } from '../byte-path.ts'
import type { ByteReader } from './byte-reader.ts'
import {
  checkBlock,
  type Overrides,
  parseHeader,
  parsePax,
  type TarEntry,
  typeOf,
} from './parse-header.ts'
import { PAX_BYTES_MAX, paddingOf, TAR, TAR_TYPE } from './tar-format.ts'

const NONE: Overrides = { pax: new Map(), longName: undefined, longTarget: undefined }
/** Headers about one entry: its pax header and GNU's two. */
const OVERRIDES_MAX = 8

/** An entry, and its content for whoever wants it. What is not read is skipped. */
export interface TarPart {
  readonly entry: TarEntry
  content(): AsyncGenerator<Buffer>
  /** All of it at once, into memory of just its size. */
  copyTo(target: Buffer): Promise<void>
}

/** The entries of a tar, one after the other, up to its end mark. */
export async function* readTar(reader: ByteReader): AsyncGenerator<TarPart> {
  for (;;) {
    const found = await nextEntry(reader)
    if (!found) return
    let isRead = false
    const { bytes } = found
    const content = () => {
      isRead = true
      return reader.pieces(bytes)
    }
    const copyTo = (target: Buffer) => {
      isRead = true
      return reader.copyTo(target)
    }
    yield { entry: found.entry, content, copyTo }
    await reader.skip((isRead ? 0 : bytes) + paddingOf(bytes))
  }
}

async function nextEntry(
  reader: ByteReader,
): Promise<{ entry: TarEntry; bytes: number } | undefined> {
  let overrides = NONE
  for (let headers = 0; headers < OVERRIDES_MAX; headers += 1) {
    const block = await reader.exactly(TAR.blockBytes)
    if (block.every((byte) => byte === 0)) return undefined
    checkBlock(block)
    const type = typeOf(block)
    if (!isOverride(type)) {
      const entry = parseHeader(block, overrides)
      return { entry, bytes: entry.kind === 'file' ? entry.bytes : 0 }
    }
    const { bytes } = parseHeader(asFile(block), NONE)
    if (bytes > PAX_BYTES_MAX) {
      throw new VesselError('ARCHIVE_UNSAFE', { detail: 'a header of an entry is too large' })
    }
    overrides = addOverride(overrides, type, await reader.exactly(bytes))
    await reader.skip(paddingOf(bytes))
  }
  throw new VesselError('ARCHIVE_CORRUPT', { detail: 'an entry has too many headers' })
}

function isOverride(type: string): boolean {
  const { pax, paxGlobal, gnuLongName, gnuLongLink } = TAR_TYPE
  return [pax, paxGlobal, gnuLongName, gnuLongLink].some((known) => known === type)
}

/** Of a header about another only the size matters. */
function asFile(block: Buffer): Buffer {
  const copy = Buffer.from(block)
  copy.write('x\0', TAR.nameAt, 'latin1')
  copy.write(TAR_TYPE.file, TAR.typeAt, 'latin1')
  return copy
}

function addOverride(before: Overrides, type: string, data: Buffer): Overrides {
  if (type === TAR_TYPE.pax) return { ...before, pax: parsePax(data) }
  // A global header holds comments (git) or defaults nobody writes; ours has none.
  if (type === TAR_TYPE.paxGlobal) return before
  const end = data.indexOf(0)
  const text = fromBytes(end < 0 ? data : data.subarray(0, end))
  return type === TAR_TYPE.gnuLongName
    ? { ...before, longName: text }
    : { ...before, longTarget: text }
}
