import type { Stats } from 'node:fs'
import { crc32 } from 'node:zlib'
import { SMALL_BYTES } from '../batches.ts'
import type { BytePath } from '../byte-path.ts'
import { joinAlone } from '../join-alone.ts'
import { readWhole } from '../read-file.ts'
import { release } from '../release.ts'
import { compress } from './compress.ts'

export interface CodeOrder {
  readonly root: string
  readonly paths: readonly BytePath[]
  readonly bytes: number
}

export interface CodedFile {
  readonly stats: Pick<Stats, 'mode' | 'mtimeMs' | 'ctimeMs' | 'ino' | 'size'>
  readonly isSteady: boolean
  readonly method: number
  readonly crc: number
  readonly bytes: number
  readonly compressedBytes: number
}

export interface CodeAnswer {
  readonly files: readonly (CodedFile | 'gone' | 'large')[]
  /** The coded data, which follow each other in the order of the files. */
  readonly data: Uint8Array
}

/** Reads small files and codes each as a zip holds it. */
export function codeFiles({ root, paths }: CodeOrder): CodeAnswer {
  const memory = Buffer.allocUnsafeSlow(SMALL_BYTES)
  const coded: Buffer[] = []
  const files = paths.map((path) => {
    const read = readWhole(root, path, memory)
    if (read === 'gone' || read === 'large') return read
    const { method, data } = compress(path, read.content)
    // The memory is the next file's.
    coded.push(data === read.content ? Buffer.from(data) : data)
    const { mode, mtimeMs, ctimeMs, ino, size } = read.stats
    return {
      stats: { mode, mtimeMs, ctimeMs, ino, size },
      ...{ isSteady: read.isSteady, method, bytes: read.content.length },
      crc: crc32(read.content),
      compressedBytes: data.length,
    }
  })
  const data = joinAlone(coded)
  for (const part of [memory, ...coded]) release(part)
  return { files, data }
}
