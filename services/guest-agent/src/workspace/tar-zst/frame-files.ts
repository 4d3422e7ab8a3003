import { constants, zstdCompressSync } from 'node:zlib'
import { SMALL_BYTES } from '../batches.ts'
import { joinAlone } from '../join-alone.ts'
import { readWhole } from '../read-file.ts'
import { release } from '../release.ts'
import type { TreeEntry } from '../tree-entry.ts'
import { FrameBuffer } from './frame-buffer.ts'
import { fileHeader, otherHeader } from './tar-entry.ts'
import { paddingOf } from './tar-format.ts'

/** zstd's own default: larger levels cost much time for a few percent. */
const LEVEL = 3
export const ZSTD_PARAMS = {
  [constants.ZSTD_c_compressionLevel]: LEVEL,
  [constants.ZSTD_c_checksumFlag]: 1,
}

/** What a frame can be larger than its content: zstd that has room for it copies nothing. */
const OVERHEAD_BYTES = 64 * 1024

export interface FrameOrder {
  readonly root: string
  readonly entries: readonly TreeEntry[]
  readonly bytes: number
}

/** What became of an entry: in the frame with so many bytes, or to be told of. */
export interface FramedEntry {
  readonly outcome: 'framed' | 'unsteady' | 'gone' | 'large'
  readonly bytes: number
}

export interface FrameAnswer {
  readonly entries: readonly FramedEntry[]
  /** One whole zstd frame: frames in a row are read as one stream. */
  readonly data: Uint8Array
}

/** Writes small files, folders and links as a piece of a tar and compresses it. */
export function frameFiles({ root, entries, bytes }: FrameOrder): FrameAnswer {
  const memory = Buffer.allocUnsafeSlow(SMALL_BYTES)
  const tar = new FrameBuffer(entries.length, bytes)
  const framed = entries.map((entry): FramedEntry => {
    if (entry.kind !== 'file') {
      tar.add(otherHeader(entry))
      // What a link unpacks to is its target: counted as in a zip.
      return { outcome: 'framed', bytes: entry.target?.length ?? 0 }
    }
    const read = readWhole(root, entry.path, memory)
    if (read === 'gone' || read === 'large') return { outcome: read, bytes: 0 }
    const { content, stats, isSteady } = read
    tar.add(fileHeader(entry, stats, content.length))
    tar.add(content)
    tar.addZeros(paddingOf(content.length))
    return { outcome: isSteady ? 'framed' : 'unsteady', bytes: content.length }
  })
  const data = compress(tar.content)
  tar.release()
  release(memory)
  return { entries: framed, data }
}

function compress(content: Buffer): Uint8Array {
  const chunkSize = content.length + OVERHEAD_BYTES
  const frame = zstdCompressSync(content, { params: ZSTD_PARAMS, chunkSize })
  const data = joinAlone([frame])
  release(frame)
  return data
}
