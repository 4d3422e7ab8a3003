import type { Stats } from 'node:fs'
import type { TreeEntry } from '../tree-entry.ts'
import { TAR_TYPE } from './tar-format.ts'
import { tarHeader } from './write-header.ts'

export function otherHeader(entry: TreeEntry): Buffer {
  const { path, kind, mode, mtimeMs, target, isLiteral } = entry
  const isFolder = kind === 'directory'
  return tarHeader({
    name: isFolder ? `${path}/` : path,
    type: isFolder ? TAR_TYPE.directory : TAR_TYPE.link,
    ...{ mode, mtimeMs, bytes: 0, target, isLiteral },
  })
}

export function fileHeader(entry: TreeEntry, stats: Stats, bytes: number): Buffer {
  const { path: name, isLiteral } = entry
  const { mode, mtimeMs } = stats
  const type = TAR_TYPE.file
  return tarHeader({ name, type, mode, mtimeMs, bytes, target: undefined, isLiteral })
}
