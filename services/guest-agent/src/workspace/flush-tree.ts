import { execFile } from 'node:child_process'
import { open } from 'node:fs/promises'
import { promisify } from 'node:util'
import { systemCode } from './system-error.ts'

const run = promisify(execFile)
/** A slow disk with gigabytes in its cache; longer means the disk is gone. */
const FLUSH_MS = 120_000

/**
 * Puts everything below the folder on disk, in one go for the whole file system: a call per file
 * would take minutes for a large tree.
 */
export async function flushTree(dir: string, signal: AbortSignal): Promise<void> {
  try {
    await run('sync', ['--file-system', dir], { timeout: FLUSH_MS, signal })
  } catch (thrown) {
    // No coreutils in the image: the file system's own interval (5 s on ext4) has to do.
    if (systemCode(thrown) !== 'ENOENT') throw thrown
    await flushFolder(dir)
  }
}

export async function flushFolder(dir: string): Promise<void> {
  const folder = await open(dir, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
