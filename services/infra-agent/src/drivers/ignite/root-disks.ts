import { readdir, realpath, rmdir } from 'node:fs/promises'
import { basename, join, sep } from 'node:path'
import type { IgniteHost } from './host.ts'
import type { LoopDevice } from './parse-answers.ts'

export interface LoopInUse extends LoopDevice {
  /** A mapping stands on it. */
  readonly isHeld: boolean
}

export async function loopsInUse({ loops, places }: IgniteHost): Promise<LoopInUse[]> {
  return Promise.all(
    (await loops.list()).map(async (loop) => {
      const folder = join(places.blockDir, basename(loop.device), 'holders')
      const holders = await readdir(folder).catch(() => [])
      return { ...loop, isHeld: holders.length > 0 }
    }),
  )
}

/**
 * Lets go the devices of root disks that no mapping stands on any more, and removes machine folders
 * with nothing in them: both are what a failed create leaves (facts §3, failure 5). Only with the
 * lock in hand: a machine that is being made looks the same.
 */
export async function clearRootDisks(host: IgniteHost): Promise<void> {
  const { igniteDir } = host.places
  const folder = await realpath(igniteDir).catch(() => igniteDir)
  for (const { device, file, isHeld } of await loopsInUse(host)) {
    if (!isHeld && file.startsWith(folder + sep)) await host.loops.release(device)
  }
  for (const uid of await readdir(join(folder, 'vm')).catch(() => [])) {
    // Refused for every folder that holds something.
    await rmdir(join(folder, 'vm', uid)).catch(() => undefined)
  }
}
