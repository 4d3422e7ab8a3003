import { readSync } from 'node:fs'

/** The bytes of an open file from `start`: fewer than asked for only where the file ends. */
export function readAt(fd: number, start: number, bytes: number): Buffer {
  const piece = Buffer.allocUnsafe(bytes)
  let done = 0
  while (done < bytes) {
    const got = readSync(fd, piece, done, bytes - done, start + done)
    if (got === 0) break
    done += got
  }
  return piece.subarray(0, done)
}
