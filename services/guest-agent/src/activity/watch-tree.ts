import { type FSWatcher, readdirSync, watch } from 'node:fs'
import { type BytePath, toFsPath } from '../workspace/byte-path.ts'
import type { IgnoreRules } from '../workspace/ignore-rules.ts'
import { statEntry } from '../workspace/stat-entry.ts'
import { systemCode } from '../workspace/system-error.ts'

/** One inotify watch per folder; a user has some tens of thousands, shared with the IDE. */
const FOLDERS_MAX = 4_096

export interface TreeWatcher {
  close(): void
}

export interface WatchTreeInput {
  readonly root: string
  readonly rules: IgnoreRules
  readonly onChange: (path: BytePath) => void
  /** Called once when there are too many folders to watch; the watcher is then closed. */
  readonly onOverflow: () => void
}

/**
 * Watches every folder of the workspace that is not ignored, each on its own: the recursive watch
 * of Node would also watch `node_modules`, which alone can use up all watches of the machine.
 */
export function watchTree(input: WatchTreeInput): TreeWatcher {
  const folders = new Map<BytePath, FSWatcher>()
  let isClosed = false

  const close = (): void => {
    isClosed = true
    for (const watcher of folders.values()) watcher.close()
    folders.clear()
  }
  const overflow = (): void => {
    if (isClosed) return
    close()
    input.onOverflow()
  }
  const forget = (path: BytePath): void => {
    folders.get(path)?.close()
    folders.delete(path)
  }
  const add = (path: BytePath): void => {
    const pending = [path]
    while (pending.length > 0 && !isClosed) {
      const at = pending.pop() as BytePath
      if (folders.has(at)) continue
      if (folders.size >= FOLDERS_MAX) {
        overflow()
        return
      }
      const watcher = open(at)
      if (!watcher) continue
      folders.set(at, watcher)
      for (const child of childFolders(input, at)) pending.push(child)
    }
  }
  const open = (path: BytePath): FSWatcher | undefined => {
    try {
      const at = toFsPath(input.root, path)
      const watcher = watch(at, { encoding: 'buffer' }, (_event, name) => {
        if (name) see(path === '' ? toName(name) : `${path}/${toName(name)}`)
      })
      watcher.on('error', () => forget(path))
      return watcher
    } catch (thrown) {
      // ENOSPC here means "no watches left", not a full disk.
      if (['ENOSPC', 'EMFILE'].includes(systemCode(thrown) ?? '')) overflow()
      return undefined
    }
  }
  const see = (path: BytePath): void => {
    if (isClosed) return
    const stats = statEntry(input.root, path)
    const isFolder = stats?.isDirectory() ?? false
    if (input.rules.isIgnored(path, isFolder)) return
    if (isFolder) add(path)
    else forget(path)
    input.onChange(path)
  }
  add('')
  return { close }
}

const toName = (name: Buffer | string): BytePath =>
  typeof name === 'string' ? name : name.toString('latin1')

function childFolders({ root, rules }: WatchTreeInput, path: BytePath): BytePath[] {
  try {
    return readdirSync(toFsPath(root, path), { encoding: 'latin1' })
      .map((name) => (path === '' ? name : `${path}/${name}`))
      .filter((child) => {
        const stats = statEntry(root, child)
        return stats?.isDirectory() && !rules.isIgnored(child, true)
      })
  } catch {
    // Gone or closed to us again: what is in it is reported by whoever creates it anew.
    return []
  }
}
