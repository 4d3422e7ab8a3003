import { existsSync } from 'node:fs'
import { mkdir, readlink, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { createExecute } from '../src/drivers/ignite/execute.ts'
import { createLoopDevices } from '../src/drivers/ignite/loop-devices.ts'
import { Cleanup } from './support/processes.ts'

const BYTES = 4 * 1024 * 1024
/** Loop devices belong to root, and not every container has them. */
const isPossible = process.getuid?.() === 0 && existsSync('/dev/loop-control')

describe('loop devices of the real losetup', () => {
  const cleanup = new Cleanup()
  afterEach(() => cleanup.run())

  async function make() {
    const folder = await cleanup.folder()
    const file = join(folder, 'vms', 'work.ext4')
    await mkdir(join(folder, 'vms'))
    await writeFile(file, '')
    await truncate(file, BYTES)
    const loops = createLoopDevices(createExecute('/usr/sbin:/usr/bin:/sbin:/bin'), 10_000)
    const link = join(folder, 'links', 'session')
    cleanup.add(() => loops.detach(file, link))
    const over = async () => (await loops.list()).filter((loop) => loop.file === file)
    return { file, link, loops, over }
  }

  it('are made once for a file, found by its link, and let go for good', async () => {
    const { file, link, loops, over } = await make()
    if (!isPossible) return expect(loops.attach(file, link)).rejects.toThrow(/losetup/)

    await loops.attach(file, link)
    await loops.attach(file, link)
    expect(await over()).toEqual([{ device: await readlink(link), file }])

    await loops.detach(file, link)
    await loops.detach(file, link)
    expect(await over()).toEqual([])
    expect(existsSync(link)).toBe(false)
  })

  it('are let go also when their file was removed before', async () => {
    const { file, link, loops, over } = await make()
    if (!isPossible) return expect(loops.attach(file, link)).rejects.toThrow(/losetup/)

    await loops.attach(file, link)
    await rm(file)
    expect(await over()).toHaveLength(1)
    await loops.detach(file, link)
    expect(await over()).toEqual([])
  })
})
