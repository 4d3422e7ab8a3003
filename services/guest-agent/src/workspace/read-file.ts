import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  type Stats,
} from 'node:fs'
import { type BytePath, toFsPath } from './byte-path.ts'
import { systemCode } from './system-error.ts'

/** Not through a link that replaced the file, and without waiting for a writer of a fifo. */
const READ_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
/** A file that is being written is read again, so that what is saved is one state of it. */
const READS_MAX = 3

export interface OpenedFile {
  readonly fd: number
  readonly stats: Stats
}

export interface FileContent {
  readonly content: Buffer
  readonly stats: Stats
  readonly isSteady: boolean
}

/** Opens a file for reading, or undefined when it is gone or no longer a file. */
export function openForRead(root: string, name: BytePath): OpenedFile | undefined {
  const path = toFsPath(root, name)
  let fd: number
  try {
    fd = openOwned(path)
  } catch (thrown) {
    const code = systemCode(thrown) ?? ''
    // ELOOP: a link stands there now. ENXIO: a socket or fifo does.
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO'].includes(code)) return undefined
    throw thrown
  }
  const stats = fstatSync(fd)
  if (stats.isFile()) return { fd, stats }
  closeSync(fd)
  return undefined
}

/** The owner may always read: a file without the read bit gets it for the moment of opening. */
function openOwned(path: string | Buffer): number {
  try {
    return openSync(path, READ_FLAGS)
  } catch (thrown) {
    if (systemCode(thrown) !== 'EACCES') throw thrown
  }
  const before = lstatSync(path)
  if (!before.isFile()) return openSync(path, READ_FLAGS)
  chmodSync(path, before.mode | 0o400)
  try {
    const fd = openSync(path, READ_FLAGS)
    fchmodSync(fd, before.mode & 0o7777)
    return fd
  } catch (thrown) {
    chmodSync(path, before.mode & 0o7777)
    throw thrown
  }
}

/** Reads a file whole into the memory, where its content is from then on, if it fits. */
export function readWhole(
  root: string,
  name: BytePath,
  memory: Buffer,
): FileContent | 'gone' | 'large' {
  for (let reads = 1; ; reads += 1) {
    const opened = openForRead(root, name)
    if (!opened) return 'gone'
    try {
      if (opened.stats.size > memory.length) return 'large'
      const content = readAll(opened.fd, memory.subarray(0, opened.stats.size))
      const after = fstatSync(opened.fd)
      const isSteady = after.mtimeMs === opened.stats.mtimeMs && after.size === content.length
      if (isSteady || reads === READS_MAX) return { content, stats: opened.stats, isSteady }
    } finally {
      closeSync(opened.fd)
    }
  }
}

/** Up to the size it had when it was opened: a log that grows for ever still has an end. */
function readAll(fd: number, memory: Buffer): Buffer {
  let done = 0
  while (done < memory.length) {
    const got = readSync(fd, memory, done, memory.length - done, done)
    if (got === 0) break
    done += got
  }
  return memory.subarray(0, done)
}
