import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { metadataFile } from '../src/drivers/ignite/host-places.ts'
import { containerOf } from '../src/drivers/ignite/ids.ts'
import { releaseLeases } from '../src/drivers/ignite/leases.ts'
import { markStopped } from '../src/drivers/ignite/metadata.ts'
import { proveRunning } from '../src/drivers/ignite/prove-running.ts'
import { guestClient } from '../src/guest/client.ts'
import type { MachineHandle, MachineOrder } from '../src/vm/ports.ts'
import { endSandbox, endVmm, tracesOf, uidOf } from './support/ignite/traces.ts'
import { createIgniteWorld, type IgniteWorld } from './support/ignite/world.ts'

const TEST_MS = 120_000

let world: IgniteWorld
beforeEach(async () => {
  world = await createIgniteWorld()
  await world.prepare()
}, TEST_MS)
afterEach(() => world.cleanup(), TEST_MS)

async function exec(order: MachineOrder, handle: MachineHandle, command: string): Promise<string> {
  const endpoint = await world.until('it has an address', () => world.driver.address(handle))
  const what = { argv: ['sh', '-c', command], timeoutMs: 10_000 }
  const signal = AbortSignal.timeout(20_000)
  return (await guestClient.exec({ endpoint, token: order.token }, what, signal)).stdout.trim()
}

const untilDead = (handle: MachineHandle) =>
  world.until('the machine is dead', async () => !(await world.driver.isAlive(handle)))

/** Failure 1, and failures 2 and 3, of docs/ignite.md. */
const ENDS = [
  ['whose Firecracker died', endVmm],
  ['that died with its host', endSandbox],
] as const

describe.each(ENDS)('a machine %s', (_what, end) => {
  it(
    'is seen to be dead and still listed, because it still holds much of the host',
    async () => {
      const order = world.newOrder()
      const handle = await world.boot(order)
      await world.answers(order, handle)
      await end(world, handle)
      await untilDead(handle)
      expect((await world.driver.list()).map(({ bootId }) => bootId)).toEqual([order.bootId])
    },
    TEST_MS,
  )

  it(
    'comes up again when its boot asks for it, with its disks as they were',
    async () => {
      const order = world.newOrder()
      const handle = await world.boot(order)
      await world.answers(order, handle)
      await exec(order, handle, 'echo kept > file; sync')
      const before = await world.driver.address(handle)
      await end(world, handle)
      await untilDead(handle)

      const again = await world.boot(order)
      await world.answers(order, again)
      expect(again).toEqual(handle)
      expect(await exec(order, again, 'cat file')).toBe('kept')
      // Each start gets another address: whoever kept the old one talks to nobody.
      expect(await world.driver.address(again)).not.toEqual(before)
    },
    TEST_MS,
  )

  it(
    'leaves nothing when it is destroyed, and its volume goes on with the next machine',
    async () => {
      const order = world.newOrder()
      const handle = await world.boot(order)
      await world.answers(order, handle)
      await exec(order, handle, 'echo kept > file; sync')
      await end(world, handle)
      await untilDead(handle)
      await world.driver.destroy(order)
      expect(await tracesOf(world)).toEqual([])

      const next = { ...order, bootId: world.newOrder().bootId }
      const machine = await world.boot(next)
      await world.answers(next, machine)
      expect(uidOf(machine)).not.toBe(uidOf(handle))
      expect(await exec(next, machine, 'cat file')).toBe('kept')
      await world.driver.destroy(next)
      expect(await tracesOf(world)).toEqual([])
    },
    TEST_MS,
  )

  it(
    'can be paused without effect and without harm',
    async () => {
      const order = world.newOrder()
      const handle = await world.boot(order)
      await end(world, handle)
      await untilDead(handle)
      await world.driver.pause(handle)
      await world.driver.resume(handle)
      expect(await world.driver.isAlive(handle)).toBe(false)
    },
    TEST_MS,
  )
})

describe('a start over the remains of a crash', () => {
  it(
    'is not believed when ignite reports its success',
    async () => {
      const { host, places } = world
      const handle = await world.boot(world.newOrder())
      await endSandbox(world, handle)
      await untilDead(handle)
      const uid = uidOf(handle)
      const outcome = await host.mutex.run(async (held) => {
        // All of the recipe but what counts: the sockets and pipes of before are still there.
        await host.containerd.remove(containerOf(uid))
        await releaseLeases(places.leasesDir, containerOf(uid))
        await markStopped(metadataFile(places, uid))
        return host.ignite.start(uid, { held })
      })
      expect(outcome.code).toBe(0)
      const proof = proveRunning(host, uid, AbortSignal.timeout(TEST_MS))
      await expect(proof).rejects.toThrow(/its container has ended/)
    },
    TEST_MS,
  )
})

describe('a machine in good health', () => {
  it(
    'leaves nothing when it is destroyed',
    async () => {
      const order = world.newOrder()
      await world.boot(order)
      await world.driver.destroy(order)
      expect(await tracesOf(world)).toEqual([])
    },
    TEST_MS,
  )

  it(
    'tells its boot as ignite’s own sentences',
    async () => {
      const order = world.newOrder()
      const handle = await world.boot(order)
      const lines: string[] = []
      const ending = new AbortController()
      const console = world.driver.console(order.session, (line) => lines.push(line), ending.signal)
      await world.until('the story is told', async () =>
        lines.some((line) => line.startsWith(`Started Firecracker VM "${uidOf(handle)}"`)),
      )
      ending.abort()
      await console
      expect(lines.join('\n')).not.toContain('level=')
    },
    TEST_MS,
  )
})
