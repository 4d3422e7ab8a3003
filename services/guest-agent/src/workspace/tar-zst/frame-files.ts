import { constants, zstdCompressSync } from 'node:zlib'
import { SMALL_BYTES } from '../batches.ts'
import { joinAlone } from '../join-alone.ts'
import { readWhole } from '../read-file.ts'
import type { TreeEntry } from '../tree-entry.ts'
import { fileHeader, otherHeader } from './tar-entry.ts'
import { paddingOf } from './tar-format.ts'

/** zstd's own default: larger levels cost much time for a few percent. */
const LEVEL = 3
export const ZSTD_PARAMS = {
  [constants.ZSTD_c_compressionLevel]: LEVEL,
  [constants.ZSTD_c_checksumFlag]: 1,
}

/** Of what comes out: with Node's 16 KiB a frame would come in dozens. */
const PIECE_BYTES = 1024 * 1024

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
export function frameFiles({ root, entries }: FrameOrder): FrameAnswer {
  const pieces: Buffer[] = []
  const framed = entries.map((entry): FramedEntry => {
    if (entry.kind !== 'file') {
      pieces.push(otherHeader(entry))
      // What a link unpacks to is its target: counted as in a zip.
      return { outcome: 'framed', bytes: entry.target?.length ?? 0 }
    }
    const read = readWhole(root, entry.path, SMALL_BYTES)
    if (read === 'gone' || read === 'large') return { outcome: read, bytes: 0 }
    const { content, stats, isSteady } = read
    pieces.push(fileHeader(entry, stats, content.length), content)
    pieces.push(Buffer.alloc(paddingOf(content.length)))
    return { outcome: isSteady ? 'framed' : 'unsteady', bytes: content.length }
  })
  const frame = zstdCompressSync(Buffer.concat(pieces), {
    params: ZSTD_PARAMS,
    chunkSize: PIECE_BYTES,
  })
  return { entries: framed, data: joinAlone([frame]) }
}
