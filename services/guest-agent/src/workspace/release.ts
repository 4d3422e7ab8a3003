import { isArrayBuffer } from 'node:util/types'

/**
 * Gives the memory of a buffer back now. Gigabytes of buffers would else wait for the garbage
 * collector, which lets a process grow by tens of megabytes first and then runs all the time.
 * The buffer MUST be alone in its memory, and nobody may read or write it any more.
 */
export function release({ buffer }: Uint8Array): void {
  // Small buffers share memory of this size; they are not worth it either.
  if (!isArrayBuffer(buffer) || buffer.byteLength <= Buffer.poolSize) return
  // Moving it into nothing is how an ArrayBuffer is freed.
  buffer.transfer(0)
}

/**
 * The chunks a compressor puts out, each given back when the next is asked for. Several lie in one
 * memory, which stays the compressor's until a chunk comes from another.
 */
export async function* releaseBehind(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let last: Buffer | undefined
  for await (const chunk of chunks) {
    if (last && last.buffer !== chunk.buffer) release(last)
    last = chunk
    yield chunk
  }
  if (last) release(last)
}
