import { release } from '../release.ts'
import { type FileMeta, writeFileAt } from '../tree-writer.ts'

export interface WriteOrder {
  readonly root: string
  readonly files: readonly (FileMeta & { readonly bytes: number })[]
  readonly bytes: number
  /** The contents, one after the other. Given back when they are written. */
  readonly data: Uint8Array
}

/** Writes small files, whose folders MUST be there. */
export function writeFiles({ root, files, data }: WriteOrder): Record<string, never> {
  let at = 0
  for (const { bytes, ...meta } of files) {
    writeFileAt(root, meta, data.subarray(at, at + bytes))
    at += bytes
  }
  release(data)
  return {}
}
