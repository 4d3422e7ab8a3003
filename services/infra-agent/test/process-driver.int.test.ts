import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { type DriverUnderTest, describeDriver } from '../src/drivers/driver.contract.ts'
import { createProcessDriver } from '../src/drivers/process/driver.ts'
import { readProcessTable } from '../src/drivers/process/proc-table.ts'
import { killTree } from '../src/drivers/process/signal-tree.ts'
import { guestClient } from '../src/guest/client.ts'
import { systemClock as clock } from '../src/host/clock.ts'
import { readHostBootId } from '../src/host/identity.ts'
import { createPaths, type Paths } from '../src/paths.ts'
import { createFolderVolumes } from '../src/volumes/folder-volumes.ts'
import { bootsAlive, newBootId, startCommand } from './support/agent.ts'
import { Cleanup, until } from './support/processes.ts'

const ROOT = join(import.meta.dirname, '../../..')
const TEST_MS = 60_000

async function make(isSandboxed: boolean): Promise<DriverUnderTest & { paths: Paths }> {
  const cleanup = new Cleanup()
  const paths = createPaths(join(await cleanup.folder(), 'state'))
  cleanup.add(async () => {
    for (const boot of await bootsAlive(paths)) await killTree(boot, clock)
  })
  const node = process.execPath
  const guest = join(ROOT, 'services/guest-agent/src/main.ts')
  const driver = createProcessDriver({
    paths,
    clock,
    hostBootId: await readHostBootId(),
    settings: {
      guestCommand: [node, '--conditions=development', guest],
      ideCommand: [node, join(import.meta.dirname, 'support/fake-ide.mjs'), '{socket}'],
      ideHealthPath: '/healthz',
      isSandboxed,
      sandboxPaths: ['node_modules', 'proto', 'services', '.toolchain', 'package.json'].map(
        (name) => join(ROOT, name),
      ),
      path: process.env.PATH ?? '',
      execPath: node,
    },
  })
  return {
    driver,
    paths,
    volumes: createFolderVolumes({ paths, clock }),
    health: (ref) => guestClient.health(ref, AbortSignal.timeout(1_000)),
    until,
    cleanup: () => cleanup.run(),
  }
}

describeDriver('process', () => make(false))
describeDriver('process in bubblewrap', () => make(true))

describe('a hostile session', () => {
  let under: DriverUnderTest & { paths: Paths }
  afterEach(() => under.cleanup(), TEST_MS)

  async function exec(argv: string[], environment: Record<string, string> = {}) {
    const { session } = startCommand()
    const boot = newBootId()
    const spec = { cpuCount: 1, memoryMib: 256, diskMib: 256 }
    const order = { session, bootId: boot, spec, token: 't'.repeat(40), environment }
    await under.volumes.create(session, spec)
    const signal = AbortSignal.timeout(TEST_MS)
    const handle = await under.driver.create(order, signal)
    const endpoint = await until('it has an address', () => under.driver.address(handle))
    const ref = { endpoint, token: order.token }
    const result = await guestClient.exec(ref, { argv, timeoutMs: 10_000 }, signal)
    return { order, result, ref }
  }

  it.each([
    ['a plain process', false],
    ['bubblewrap', true],
  ])(
    'in %s cannot leave a process behind by forking away into a session of its own',
    async (_name, isSandboxed) => {
      under = await make(isSandboxed)
      const breakOut = 'setsid sh -c "(sleep 300 & sleep 300) & exec sleep 300" >/dev/null 2>&1 &'
      const { order } = await exec(['sh', '-c', breakOut])
      await under.driver.destroy(order)
      expect(await bootsAlive(under.paths)).toEqual([])
      const left = (await under.driver.list()).filter(({ bootId }) => bootId === order.bootId)
      expect(left).toEqual([])
    },
    TEST_MS,
  )

  it(
    'in bubblewrap cannot hide a process by emptying its environment',
    async () => {
      under = await make(true)
      const breakOut = 'env -i setsid sleep 298 >/dev/null 2>&1 &'
      const { order } = await exec(['sh', '-c', breakOut])
      await under.driver.destroy(order)
      const commands = await Promise.all(
        (await readProcessTable()).map(({ pid }) =>
          readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => ''),
        ),
      )
      expect(commands.filter((line) => line.startsWith('sleep\x0298'))).toEqual([])
    },
    TEST_MS,
  )

  it(
    "in bubblewrap sees neither other sessions' files nor the host's secrets",
    async () => {
      under = await make(true)
      const other = startCommand().session
      await under.volumes.create(other, { cpuCount: 1, memoryMib: 256, diskMib: 256 })
      await writeFile(join(under.paths.workspace(other), 'secret'), 'secret')
      const look = `ls ${under.paths.vmsDir}; cat ${under.paths.workspace(other)}/secret /etc/shadow; ls /root /home; ps -e | wc -l`
      const { result, order } = await exec(['sh', '-c', look])
      expect(result.stdout.split('\n')[0]).toBe(order.session)
      expect(result.stdout).not.toContain('secret')
      expect(result.stdout).not.toContain('root:')
      expect(result.stderr).toMatch(/secret: No such file[\s\S]*shadow: No such file/)
    },
    TEST_MS,
  )
})
