import { closeSync, fstatSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { createBreather } from '../breathe.ts'
import { quoteName, toBytes } from '../byte-path.ts'
import { checkTotals } from '../check-tree.ts'
import type { PackInput, TreeTotals } from '../codec.ts'
import { Output } from '../output.ts'
import { readAhead } from '../read-ahead.ts'
import { type OpenedFile, openForRead, readWhole } from '../read-file.ts'
import type { TreeEntry } from '../tree-entry.ts'
import { compress, methodFor } from './compress.ts'
import { DirectoryBuffer } from './directory-buffer.ts'
import { ZIP } from './format.ts'
import {
  centralHeader,
  dataDescriptor,
  endRecords,
  localHeader,
  type WrittenEntry,
} from './headers.ts'
import type { FileIdentity, Keeper } from './pack-cache.ts'
import { streamFile } from './stream-file.ts'

/** Up to this a file is compressed in memory, several at a time on all cores. */
const SMALL_BYTES = 1024 * 1024
/** With `SMALL_BYTES` this bounds the memory of a pack to about 32 MiB. */
const AHEAD_MAX = 16
/** Deflate grows data it cannot shrink by less than 0.1 %: decided before the sizes are known. */
const WIDE_FROM_BYTES = 0xf000_0000

type Described = Pick<WrittenEntry, 'name' | 'kind' | 'mode' | 'mtimeMs' | 'isLiteral'>

interface Prepared {
  readonly described: Described
  readonly method: number
  readonly data: Buffer
  readonly crc: number
  readonly bytes: number
  readonly keeper: Keeper | null
}

/** Writes a zip of the entries: local parts in order, then the directory. */
export async function packZip(input: PackInput): Promise<TreeTotals> {
  const packer = new ZipPacker(input)
  input.cache.begin()
  const breathe = createBreather(input.signal)
  const prepare = (entry: TreeEntry) => packer.prepare(entry)
  for await (const { item, result } of readAhead(input.entries, AHEAD_MAX, prepare)) {
    await breathe()
    if (result === 'large') await packer.streamLarge(item)
    else if (result !== 'gone') await packer.writeSmall(result)
  }
  const totals = await packer.finish()
  input.cache.end()
  return totals
}

class ZipPacker {
  readonly #input: PackInput
  readonly #output: Output
  readonly #directory = new DirectoryBuffer()
  #unpackedBytes = 0

  constructor(input: PackInput) {
    this.#input = input
    this.#output = new Output(input.sink)
  }

  async prepare(entry: TreeEntry): Promise<Prepared | 'gone' | 'large'> {
    if (entry.kind !== 'file') return prepareWithoutFile(entry)
    if (entry.bytes > SMALL_BYTES) return 'large'
    const kept = this.#input.cache.find(entry.path, identityOf(entry))
    const data = kept && this.#input.cache.read(kept)
    if (kept && data) {
      const { method, crc, bytes } = kept
      return { described: describe(entry, entry), method, data, crc, bytes, keeper: null }
    }
    return this.#compress(entry)
  }

  async #compress(entry: TreeEntry): Promise<Prepared | 'gone' | 'large'> {
    const read = readWhole(this.#input.root, entry, SMALL_BYTES)
    if (read === 'large') return 'large'
    if (read === 'gone') {
      this.#warnGone(entry)
      return 'gone'
    }
    if (!read.isSteady) this.#warnChanged(entry)
    const { method, data } = await compress(entry.path, read.content)
    const described = describe(entry, read.stats)
    const keeper = read.isSteady ? this.#input.cache.keep(entry.path, read.stats) : null
    const sums = { crc: crc32(read.content), bytes: read.content.length }
    return { described, method, data, ...sums, keeper }
  }

  async writeSmall({ described, data, keeper, ...rest }: Prepared): Promise<void> {
    const entry: WrittenEntry = {
      ...described,
      ...rest,
      compressedBytes: data.length,
      offset: this.#output.bytes,
      hasDescriptor: false,
      isWide: false,
    }
    await this.#output.write(localHeader(entry))
    await this.#output.write(data)
    keeper?.write(data)
    keeper?.done(entry)
    this.#add(entry)
  }

  /** The sums are known only after the data, so they follow it in a descriptor. */
  async streamLarge(item: TreeEntry): Promise<void> {
    const opened = openForRead(this.#input.root, item)
    if (!opened) return this.#warnGone(item)
    try {
      const method = methodFor(item.path)
      const begun: WrittenEntry = {
        ...describe(item, opened.stats),
        ...{ method, crc: 0, bytes: 0, compressedBytes: 0 },
        offset: this.#output.bytes,
        hasDescriptor: true,
        isWide: opened.stats.size >= WIDE_FROM_BYTES,
      }
      await this.#output.write(localHeader(begun))
      const sums = await this.#streamData(item, opened, method)
      const entry = { ...begun, ...sums }
      await this.#output.write(dataDescriptor(entry))
      if (sums.bytes !== opened.stats.size) this.#warnChanged(item)
      this.#add(entry)
    } finally {
      closeSync(opened.fd)
    }
  }

  async #streamData(item: TreeEntry, { fd, stats }: OpenedFile, method: number) {
    const { cache, signal } = this.#input
    const kept = cache.find(item.path, stats)
    if (kept && (await cache.isWhole(kept))) {
      for await (const chunk of cache.chunks(kept)) await this.#output.write(chunk)
      const { crc, bytes, compressedBytes } = kept
      return { crc, bytes, compressedBytes }
    }
    const keeper = cache.keep(item.path, stats)
    const sums = await streamFile({
      ...{ fd, bytesMax: stats.size, method, signal },
      write: async (chunk) => {
        keeper.write(chunk)
        await this.#output.write(chunk)
      },
    })
    const after = fstatSync(fd)
    const isSteady = after.ctimeMs === stats.ctimeMs && sums.bytes === stats.size
    if (isSteady) keeper.done({ ...sums, method })
    return sums
  }

  async finish(): Promise<TreeTotals> {
    const offset = this.#output.bytes
    this.#directory.finish()
    for (const block of this.#directory.blocks) await this.#output.write(block)
    const { entries } = this.#directory
    await this.#output.write(endRecords(entries, this.#output.bytes - offset, offset))
    await this.#output.flush()
    const unpackedBytes = this.#unpackedBytes
    checkTotals({ entries, unpackedBytes, archiveBytes: this.#output.bytes })
    return { entries, unpackedBytes }
  }

  #add(entry: WrittenEntry): void {
    this.#unpackedBytes += entry.bytes
    this.#directory.add(centralHeader(entry))
  }

  #warnGone(entry: TreeEntry): void {
    this.#input.warn(`${quoteName(entry.path)} vanished while it was packed and is left out`)
  }

  #warnChanged(entry: TreeEntry): void {
    this.#input.warn(`${quoteName(entry.path)} changed while it was packed`)
  }
}

function describe(entry: TreeEntry, now: { mode: number; mtimeMs: number }): Described {
  const { path, kind, isLiteral } = entry
  return { name: path, kind, mode: now.mode & 0o777, mtimeMs: now.mtimeMs, isLiteral }
}

function identityOf({ ino, bytes, mtimeMs, ctimeMs }: TreeEntry): FileIdentity {
  return { ino, size: bytes, mtimeMs, ctimeMs }
}

function prepareWithoutFile(entry: TreeEntry): Prepared {
  const described = describe(entry, entry)
  const isFolder = entry.kind === 'directory'
  const data = isFolder ? Buffer.alloc(0) : toBytes(entry.target ?? '')
  const name = isFolder ? `${entry.path}/` : entry.path
  const sums = { crc: crc32(data), bytes: data.length }
  return { described: { ...described, name }, method: ZIP.stored, data, ...sums, keeper: null }
}
