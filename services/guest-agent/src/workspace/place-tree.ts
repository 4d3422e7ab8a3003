import { chmodSync, lutimesSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, rmdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { VesselError } from '@vessel/proto/errors'
import { toFsPath } from './byte-path.ts'
import type { DirectoryMeta } from './codec.ts'
import { systemCode } from './system-error.ts'

/** Prefix of the folders we unpack into; recognised as ours after a crash. */
export const SCRATCH_PREFIX = '.vessel-unpack-'
/** ext4 puts it at the root of every volume; it is the file system's, not the user's. */
export const LOST_AND_FOUND = 'lost+found'

/** Is the workspace the root of a file system of its own? */
export async function isMountPoint(dir: string): Promise<boolean> {
  const [own, parent] = await Promise.all([stat(dir), stat(dirname(dir))])
  return own.dev !== parent.dev
}

/** What stands in the workspace and is not the file system's own. */
export async function listWorkspace(dir: string): Promise<string[]> {
  await mkdir(dir, { recursive: true })
  const names = await readdir(dir, { encoding: 'latin1' })
  const isVolume = names.includes(LOST_AND_FOUND) && (await isMountPoint(dir))
  return isVolume ? names.filter((name) => name !== LOST_AND_FOUND) : names
}

/** Removes everything a failed unpack left. Only called while a hydrate of ours is in the books. */
export async function clearWorkspace(dir: string): Promise<void> {
  for (const name of await listWorkspace(dir)) {
    await rm(toFsPath(dir, name), { recursive: true, force: true })
  }
  await removeScratch(dirname(dir), scratchName(dir))
}

const scratchName = (dir: string) => `${SCRATCH_PREFIX}${basename(dir)}-`

async function removeScratch(parent: string, prefix: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (name.startsWith(prefix)) await rm(join(parent, name), { recursive: true, force: true })
  }
}

/**
 * A folder from which a rename into the workspace works: beside it, or inside it where the
 * workspace is a mount of its own (also a bind mount, which only trying can tell).
 */
export async function makeScratch(dir: string): Promise<string> {
  try {
    const beside = await mkdtemp(join(dirname(dir), scratchName(dir)))
    if (await canRename(beside, dir)) return beside
    await rmdir(beside)
  } catch (thrown) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes(systemCode(thrown) ?? '')) throw thrown
  }
  return mkdtemp(join(dir, SCRATCH_PREFIX))
}

async function canRename(from: string, to: string): Promise<boolean> {
  const probe = basename(await mkdtemp(join(from, SCRATCH_PREFIX)))
  try {
    await rename(join(from, probe), join(to, probe))
    await rmdir(join(to, probe))
    return true
  } catch (thrown) {
    await rmdir(join(from, probe))
    if (systemCode(thrown) === 'EXDEV') return false
    throw thrown
  }
}

/**
 * Moves the finished tree up into the workspace. The folder itself stays the same one, because an
 * IDE of the warm pool already stands in it.
 */
export async function moveIntoPlace(scratch: string, dir: string): Promise<void> {
  const here = basename(scratch)
  const standing = (await listWorkspace(dir)).filter((name) => name !== here)
  if (standing.length > 0) {
    throw new VesselError('CONFLICT', { detail: 'the workspace was filled by something else' })
  }
  for (const name of await readdir(scratch, { encoding: 'latin1' })) {
    await rename(toFsPath(scratch, name), toFsPath(dir, name))
  }
  await rmdir(scratch)
}

/** Deepest first: closing a folder hides what is in it, and filling it would touch its time. */
export function finishDirectories(dir: string, directories: readonly DirectoryMeta[]): void {
  const deepestFirst = [...directories].sort((a, b) => (a.path < b.path ? 1 : -1))
  for (const { path, mode, mtimeMs } of deepestFirst) {
    const at = toFsPath(dir, path)
    if (mtimeMs !== undefined) lutimesSync(at, mtimeMs / 1_000, mtimeMs / 1_000)
    chmodSync(at, mode)
  }
}
