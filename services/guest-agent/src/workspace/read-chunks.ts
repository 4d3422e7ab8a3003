import { read } from 'node:fs'
import { promisify } from 'node:util'

const readAsync = promisify(read)
const CHUNK_BYTES = 256 * 1024

/** Enough that a chunk is never written over while a stream still has it in hand. */
const TURNS = 3

/** What of a file to read, from `start` and at most `bytesMax`. */
export interface Range {
  readonly start: number
  readonly bytesMax: number
}

/** For one reading at a time; whoever reads many files keeps it for all of them. */
export class ReadMemory {
  readonly #turns = Array.from({ length: TURNS }, () => Buffer.allocUnsafeSlow(CHUNK_BYTES))
  #turn = 0

  next(bytes: number): Buffer {
    this.#turn = (this.#turn + 1) % TURNS
    return (this.#turns[this.#turn] as Buffer).subarray(0, bytes)
  }
}

/**
 * The bytes of an open file, in memory that is used again: the reader MUST be done with a chunk
 * before it asks for the next. Gigabytes of chunks would else wait for the garbage collector.
 *
 * Not a read stream: one that is destroyed closes the descriptor, also with `autoClose: false`, and
 * the owner's own close then hits whatever file got the number next.
 */
export async function* readReused(
  fd: number,
  { start, bytesMax }: Range,
  memory = new ReadMemory(),
): AsyncGenerator<Buffer> {
  for (let done = 0; done < bytesMax; ) {
    const chunk = memory.next(Math.min(CHUNK_BYTES, bytesMax - done))
    const { bytesRead } = await readAsync(fd, chunk, 0, chunk.length, start + done)
    if (bytesRead === 0) return
    done += bytesRead
    yield chunk.subarray(0, bytesRead)
  }
}
