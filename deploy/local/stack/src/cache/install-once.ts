import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import process from 'node:process'
import { withFileLock } from './file-lock.ts'

export interface InstallOnce {
  /** Its name carries the version, so another version is another folder. */
  readonly folder: string
  /** Fills an empty folder. It appears under its name only when this has returned. */
  readonly fill: (temporary: string) => Promise<void>
  readonly onWait?: (() => void) | undefined
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}

/** Leftovers of an installer that was killed; only the holder of the lock may call this. */
async function removeLeftovers(folder: string): Promise<void> {
  const prefix = `.${basename(folder)}.`
  for (const name of await readdir(dirname(folder))) {
    if (!name.startsWith(prefix) || name.includes('.lock')) continue
    await rm(join(dirname(folder), name), { recursive: true, force: true })
  }
}

/** Makes a cached folder exist. Two checkouts do the work once; a half one is never seen. */
export async function installOnce({ folder, fill, onWait }: InstallOnce): Promise<void> {
  if (await isFolder(folder)) return
  await mkdir(dirname(folder), { recursive: true })
  const lock = join(dirname(folder), `.${basename(folder)}.lock`)
  await withFileLock({ file: lock, onWait }, async () => {
    if (await isFolder(folder)) return
    await removeLeftovers(folder)
    const temporary = join(dirname(folder), `.${basename(folder)}.${process.pid}`)
    try {
      await mkdir(temporary)
      await fill(temporary)
      await rename(temporary, folder)
    } finally {
      await rm(temporary, { recursive: true, force: true })
    }
  })
}
