import { mkdir, realpath, rename, rm, symlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { type Execute, ToolFailed } from './execute.ts'
import { type LoopDevice, parseLoops } from './parse-answers.ts'

/** Block devices over files: the only form in which ignite takes a volume (facts §2.4). */
export interface LoopDevices {
  list(): Promise<LoopDevice[]>
  /** Makes the link lead to a device over the file, a new one only if there is none. */
  attach(file: string, link: string): Promise<void>
  /** Lets every device over the file go, and removes the link. */
  detach(file: string, link: string): Promise<void>
  /** The kernel waits with it until nobody uses the device any more. */
  release(device: string): Promise<void>
}

const NOT_THERE = /No such device/i

export function createLoopDevices(execute: Execute, timeoutMs: number): LoopDevices {
  async function losetup(...args: string[]): Promise<string> {
    const outcome = await execute('losetup', args, { timeoutMs })
    if (outcome.code === 0) return outcome.text
    throw new ToolFailed(`losetup ${args[0]}`, outcome)
  }

  const list = async () =>
    parseLoops(await losetup('--list', '--json', '--output', 'NAME,BACK-FILE'))

  async function devicesOver(file: string): Promise<string[]> {
    // The kernel names files by where they really are; a removed one is named as it was.
    const real = await realpath(file).catch(async () =>
      join(await realpath(dirname(file)).catch(() => dirname(file)), basename(file)),
    )
    const names = new Set([file, real])
    return (await list()).filter((loop) => names.has(loop.file)).map(({ device }) => device)
  }

  async function release(device: string): Promise<void> {
    const outcome = await execute('losetup', ['--detach', device], { timeoutMs })
    if (outcome.code === 0 || NOT_THERE.test(outcome.text)) return
    throw new ToolFailed(`losetup --detach ${device}`, outcome)
  }

  return {
    list,
    release,
    async attach(file, link) {
      const [known] = await devicesOver(file)
      const device = known ?? (await losetup('--find', '--show', file)).trim()
      await mkdir(dirname(link), { recursive: true, mode: 0o700 })
      await rm(`${link}.new`, { force: true })
      await symlink(device, `${link}.new`)
      await rename(`${link}.new`, link)
    },
    async detach(file, link) {
      for (const device of await devicesOver(file)) await release(device)
      await rm(link, { force: true })
    },
  }
}
