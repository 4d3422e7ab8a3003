import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { constants, crc32, createDeflateRaw, type DeflateRaw } from 'node:zlib'
import { type ReadMemory, readReused } from '../read-chunks.ts'
import { releaseBehind } from '../release.ts'
import { LEVEL, PLAIN_STRATEGY, RATIO_MAX } from './compress.ts'
import { ZIP } from './format.ts'

const CHUNK_BYTES = 256 * 1024
/** The ratio of the first few chunks says nothing yet. */
const RATIO_AFTER_BYTES = 4 * 1024 ** 2

export interface StreamedSums {
  readonly crc: number
  readonly bytes: number
  readonly compressedBytes: number
}

export interface StreamInput {
  readonly fd: number
  /** Read no further than this, however much the file grows meanwhile. */
  readonly bytesMax: number
  readonly method: number
  /** MUST be done with the chunk when it resolves. */
  readonly write: (chunk: Buffer) => Promise<void>
  readonly memory: ReadMemory
  readonly signal: AbortSignal
}

/** Streams a file through the compressor; the sums are of what was really read and written. */
export async function streamFile(input: StreamInput): Promise<StreamedSums> {
  const sums = { crc: 0, bytes: 0, compressedBytes: 0 }
  const deflater = input.method === ZIP.deflated ? new PlausibleDeflater() : undefined
  const source = readReused(input.fd, { start: 0, bytesMax: input.bytesMax }, input.memory)
  async function* measure(chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      sums.crc = crc32(chunk, sums.crc)
      sums.bytes += chunk.length
      await deflater?.adapt(sums)
      yield chunk
    }
  }
  const drain = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of chunks) {
      sums.compressedBytes += chunk.length
      await input.write(chunk)
    }
  }
  const { signal } = input
  if (deflater) await pipeline(source, measure, deflater.stream, releaseBehind, drain, { signal })
  else await pipeline(source, measure, drain, { signal })
  return sums
}

/** Changes to the coding without matches while a file shrinks too well (see `RATIO_MAX`). */
class PlausibleDeflater {
  readonly stream: DeflateRaw = createDeflateRaw({ level: LEVEL, chunkSize: CHUNK_BYTES })
  #isPlain = false

  async adapt(sums: StreamedSums): Promise<void> {
    if (sums.bytes < RATIO_AFTER_BYTES) return
    const ratio = sums.bytes / Math.max(1, sums.compressedBytes)
    // Back only well below the limit, so that it does not change with every chunk.
    const isPlain = ratio > (this.#isPlain ? RATIO_MAX / 2 : RATIO_MAX)
    if (isPlain === this.#isPlain) return
    this.#isPlain = isPlain
    const strategy = isPlain ? PLAIN_STRATEGY : constants.Z_DEFAULT_STRATEGY
    await promisify(this.stream.params.bind(this.stream))(LEVEL, strategy)
  }
}
