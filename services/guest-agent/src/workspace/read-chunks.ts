import { read } from 'node:fs'
import { promisify } from 'node:util'

const readAsync = promisify(read)
const CHUNK_BYTES = 256 * 1024

/** Enough that a chunk is never written over while its reader is at it. */
const TURNS = 3

/** What of a file to read, from `start` and at most `bytesMax`. */
export interface Range {
  readonly start: number
  readonly bytesMax: number
}

/**
 * The bytes of an open file.
 *
 * Not a read stream: one that is destroyed closes the descriptor, also with `autoClose: false`, and
 * the owner's own close then hits whatever file got the number next.
 */
export function readChunks(fd: number, range: Range): AsyncGenerator<Buffer> {
  return readWith(fd, range, (bytes) => Buffer.allocUnsafe(bytes))
}

/**
 * The same in memory that is used again, for a reader that is done with a chunk before it asks for
 * the next, as a compressor is. Gigabytes of chunks would else wait for the garbage collector.
 */
export function readReused(fd: number, range: Range): AsyncGenerator<Buffer> {
  const memory = Array.from({ length: TURNS }, () => Buffer.allocUnsafe(CHUNK_BYTES))
  let turn = 0
  return readWith(fd, range, (bytes) => {
    turn = (turn + 1) % TURNS
    return (memory[turn] as Buffer).subarray(0, bytes)
  })
}

async function* readWith(
  fd: number,
  { start, bytesMax }: Range,
  memoryOf: (bytes: number) => Buffer,
): AsyncGenerator<Buffer> {
  for (let done = 0; done < bytesMax; ) {
    const chunk = memoryOf(Math.min(CHUNK_BYTES, bytesMax - done))
    const { bytesRead } = await readAsync(fd, chunk, 0, chunk.length, start + done)
    if (bytesRead === 0) return
    done += bytesRead
    yield chunk.subarray(0, bytesRead)
  }
}
