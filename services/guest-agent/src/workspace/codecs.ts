import type { FileHandle } from 'node:fs/promises'
import { open } from 'node:fs/promises'
import type { ArchiveFormat } from '@vessel/proto/archive'
import type { ArchiveCodec } from './codec.ts'
import { tarZstCodec } from './tar-zst/codec.ts'
import { zipCodec } from './zip/codec.ts'

export type Codecs = Readonly<Partial<Record<ArchiveFormat, ArchiveCodec>>>

export const CODECS: Codecs = { zip: zipCodec, 'tar.zst': tarZstCodec }

/** First bytes of a zstd frame, little endian. */
const ZSTD_MAGIC = 0xfd2fb528

/** By its first bytes, so that a project saved in one format opens when another is configured. */
export async function recogniseFormat(path: string): Promise<ArchiveFormat> {
  const file: FileHandle = await open(path, 'r')
  try {
    const start = Buffer.alloc(4)
    await file.read(start, 0, 4, 0)
    return start.readUInt32LE(0) === ZSTD_MAGIC ? 'tar.zst' : 'zip'
  } finally {
    await file.close()
  }
}
