import { createReadStream } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { constants, crc32, createInflateRaw, inflateRaw } from 'node:zlib'
import { corrupt, quoteName, ZIP } from './format.ts'
import type { PlacedEntry } from './read-directory.ts'
import { readExactly } from './read-exactly.ts'

/** Up to this an entry is unpacked in memory, which is much faster than a stream for each. */
const SMALL_BYTES = 1024 ** 2

const inflate = promisify<Buffer, { maxOutputLength: number; finishFlush: number }, Buffer>(
  inflateRaw,
)

const fault = ({ name }: PlacedEntry, why: string, cause?: unknown) =>
  corrupt(`entry ${quoteName(name)} ${why}`, cause)

/** Unpacks an entry to nowhere and checks that it is what the directory says. */
export async function verifyContent(
  file: FileHandle,
  entry: PlacedEntry,
  signal: AbortSignal,
): Promise<void> {
  if (entry.bytes <= SMALL_BYTES && entry.compressedBytes <= SMALL_BYTES) {
    await readSmall(file, entry)
    return
  }
  const start = await dataStart(file, entry)
  const end = start + entry.compressedBytes - 1
  const source = createReadStream('', { fd: file, start, end, autoClose: false })
  const sink = new Checker(entry)
  try {
    if (entry.method === ZIP.stored) await pipeline(source, sink, { signal })
    else await pipeline(source, createInflateRaw(INFLATE), sink, { signal })
  } catch (thrown) {
    throw isZlibFault(thrown) ? fault(entry, 'cannot be decompressed', thrown) : thrown
  }
  sink.finish()
}

/** The whole of a small entry: a link's target, or a file to check. */
export async function readSmall(file: FileHandle, entry: PlacedEntry): Promise<Buffer> {
  if (entry.bytes > SMALL_BYTES || entry.compressedBytes > SMALL_BYTES) {
    throw fault(entry, 'is larger than it may be')
  }
  const packed = await readExactly(file, await dataStart(file, entry), entry.compressedBytes)
  const content = entry.method === ZIP.stored ? packed : await inflated(entry, packed)
  const sink = new Checker(entry)
  sink.add(content)
  sink.finish()
  return content
}

const INFLATE = { chunkSize: 256 * 1024, finishFlush: constants.Z_FINISH }

async function inflated(entry: PlacedEntry, packed: Buffer): Promise<Buffer> {
  try {
    // One byte more than announced is allowed, so that "larger than it says" can be told.
    const maxOutputLength = entry.bytes + 1
    return await inflate(packed, { maxOutputLength, finishFlush: constants.Z_FINISH })
  } catch (cause) {
    throw fault(entry, 'cannot be decompressed', cause)
  }
}

/** The local header has extra fields of its own: where the data begin. */
async function dataStart(file: FileHandle, entry: PlacedEntry): Promise<number> {
  const header = await readExactly(file, entry.offset, ZIP.localBytes)
  if (header.readUInt32LE(0) !== ZIP.localSignature) throw fault(entry, 'has no local header')
  const lengths = header.readUInt16LE(26) + header.readUInt16LE(28)
  const start = entry.offset + ZIP.localBytes + lengths
  if (start + entry.compressedBytes > entry.limit) throw fault(entry, 'is cut short')
  return start
}

function isZlibFault(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('Z_')
}

/** Counts and sums what comes out; more than announced ends it at once. */
class Checker extends Writable {
  readonly #entry: PlacedEntry
  #bytes = 0
  #crc = 0

  constructor(entry: PlacedEntry) {
    super()
    this.#entry = entry
  }

  add(chunk: Buffer): void {
    this.#bytes += chunk.length
    if (this.#bytes > this.#entry.bytes) throw fault(this.#entry, 'has another size than it says')
    this.#crc = crc32(chunk, this.#crc)
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    try {
      this.add(chunk)
      done()
    } catch (error) {
      done(error as Error)
    }
  }

  finish(): void {
    if (this.#bytes !== this.#entry.bytes) throw fault(this.#entry, 'has another size than it says')
    if (this.#crc !== this.#entry.crc) throw fault(this.#entry, 'has a wrong checksum')
  }
}
