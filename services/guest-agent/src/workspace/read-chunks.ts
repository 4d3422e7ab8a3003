import { read } from 'node:fs'
import { promisify } from 'node:util'

const readAsync = promisify(read)
const CHUNK_BYTES = 256 * 1024

/**
 * The bytes of an open file from `start`, at most `bytesMax`.
 *
 * Not a read stream: one that is destroyed closes the descriptor, also with `autoClose: false`, and
 * the owner's own close then hits whatever file got the number next.
 */
export async function* readChunks(
  fd: number,
  start: number,
  bytesMax: number,
): AsyncGenerator<Buffer> {
  for (let done = 0; done < bytesMax; ) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, bytesMax - done))
    const { bytesRead } = await readAsync(fd, chunk, 0, chunk.length, start + done)
    if (bytesRead === 0) return
    done += bytesRead
    yield chunk.subarray(0, bytesRead)
  }
}
