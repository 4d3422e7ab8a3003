import { access, mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { flushFolder } from './flush-tree.ts'

/**
 * Two files that outlive us. `hydrating`: what stands in the workspace is ours and incomplete, it
 * may be removed. `ready`: it is complete, it may be saved. With neither, it is not ours to touch.
 */
export interface Marks {
  isReady(): Promise<boolean>
  isHydrating(): Promise<boolean>
  setHydrating(): Promise<void>
  clearHydrating(): Promise<void>
  setReady(): Promise<void>
}

export function createMarks(stateDir: string): Marks {
  const ready = join(stateDir, 'workspace-ready')
  const hydrating = join(stateDir, 'workspace-hydrating')
  return {
    isReady: () => exists(ready),
    isHydrating: () => exists(hydrating),
    setHydrating: () => writeDurably(hydrating, stateDir),
    clearHydrating: () => rm(hydrating, { force: true }),
    setReady: async () => {
      await writeDurably(ready, stateDir)
      await rm(hydrating, { force: true })
    },
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

async function writeDurably(path: string, dir: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const temporary = `${path}.new`
  const file = await open(temporary, 'w', 0o600)
  try {
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, path)
  await flushFolder(dir)
}
