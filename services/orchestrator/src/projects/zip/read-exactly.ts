import type { FileHandle } from 'node:fs/promises'
import { corrupt } from './format.ts'

/** `bytes` bytes from `position`; a file that ends before is cut short. */
export async function readExactly(
  file: FileHandle,
  position: number,
  bytes: number,
): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes)
  for (let done = 0; done < bytes; ) {
    const { bytesRead } = await file.read(buffer, done, bytes - done, position + done)
    if (bytesRead === 0) throw corrupt('it ends too early')
    done += bytesRead
  }
  return buffer
}
