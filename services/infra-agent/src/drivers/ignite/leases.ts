import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { hasErrorCode } from '../../host/files.ts'

export interface Lease {
  readonly file: string
  /** The container it was given to. */
  readonly owner: string
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (thrown) {
    // No network was set up yet, or it is not a folder.
    if (hasErrorCode(thrown, 'ENOENT') || hasErrorCode(thrown, 'ENOTDIR')) return []
    throw thrown
  }
}

/** Every address given out: `<network>/<address>`, whose first line is the container (§3). */
export async function readLeases(leasesDir: string): Promise<Lease[]> {
  const found: Lease[] = []
  for (const network of await namesIn(leasesDir)) {
    const names = await namesIn(join(leasesDir, network))
    for (const name of names.filter((each) => /^[0-9a-f.:]+$/.test(each))) {
      const file = join(leasesDir, network, name)
      const text = await readFile(file, 'utf8').catch(() => '')
      const owner = text.split(/\r?\n/)[0]?.trim()
      if (owner) found.push({ file, owner })
    }
  }
  return found
}

/** A lease outlives its machine and then forbids the next start of it (§3, failure 1). */
export async function releaseLeases(leasesDir: string, owner: string): Promise<void> {
  for (const lease of await readLeases(leasesDir)) {
    if (lease.owner === owner) await rm(lease.file, { force: true })
  }
}
