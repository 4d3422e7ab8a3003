import { existsSync } from 'node:fs'
import { appendFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { VesselError } from '@vessel/proto/errors'
import { createExecute } from '../src/drivers/ignite/execute.ts'
import { consoleCopy } from '../src/drivers/ignite/host-places.ts'
import { keepLastWords } from '../src/drivers/ignite/last-words.ts'
import { prepareHost } from '../src/drivers/ignite/prepare.ts'
import type { Timeouts } from '../src/drivers/ignite/timeouts.ts'
import type { StandIn } from './support/ignite/stand-in.ts'
import { folderOf, tracesOf, uidOf } from './support/ignite/traces.ts'
import { createIgniteWorld, type IgniteWorld } from './support/ignite/world.ts'

/** What only a stand-in can be told to do. What both can is in ignite-crashes.int.test.ts. */
const TEST_MS = 120_000

let world: IgniteWorld
let standIn: StandIn

async function start(timeouts: Partial<Timeouts> = {}): Promise<void> {
  world = await createIgniteWorld(timeouts)
  if (!world.standIn) throw new Error('these tests need the stand-in: leave VESSEL_REAL_IGNITE out')
  standIn = world.standIn
  await world.prepare()
}
afterEach(() => world.cleanup(), TEST_MS)

const runs = () =>
  standIn.calls().filter(({ tool, argv }) => tool === 'ignite' && argv[0] === 'run')

describe('an `ignite run` that fails', () => {
  it(
    'on its own lock is run again',
    async () => {
      await start()
      await standIn.fault('lock', 1)
      const order = world.newOrder()
      await world.answers(order, await world.boot(order))
      expect(runs()).toHaveLength(2)
      await world.driver.destroy(order)
      expect(await tracesOf(world)).toEqual([])
    },
    TEST_MS,
  )

  it.each([
    ['on its own lock again and again', 'lock', /unable to lock/],
    ['while it makes the disk', 'create', /failed to format overlay/],
    ['with the machine running', 'late-failure', /timeout waiting for ignite-spawn/],
  ] as const)(
    '%s is told in its words and leaves nothing',
    async (_when, fault, words) => {
      await start()
      await standIn.fault(fault, 9)
      const failure = await world.boot(world.newOrder()).catch(VesselError.from)
      expect(failure).toMatchObject({ code: 'BOOT_FAILED', message: expect.stringMatching(words) })
      expect(await tracesOf(world)).toEqual([])
    },
    TEST_MS,
  )
})

describe('an `ignite run` that reports success', () => {
  it(
    'without a machine behind it is not believed, and its console is kept',
    async () => {
      await start({ proofMs: 300 })
      await standIn.fault('dead-vmm', 1)
      const order = world.newOrder()
      const failure = await world.boot(order).catch(VesselError.from)
      expect(failure).toMatchObject({
        code: 'BOOT_FAILED',
        message: 'ignite reported a start, but Firecracker is dead',
      })
      expect(standIn.calls().filter(({ argv }) => argv[0] === 'logs')).toHaveLength(1)
      expect(await tracesOf(world)).toEqual([])
    },
    TEST_MS,
  )
})

describe('the console', () => {
  it(
    'of which ignite holds too much is given up within the timeout, and never asked for again',
    async () => {
      await start({ logsMs: 4_000 })
      const handle = await world.boot(world.newOrder())
      await writeFile(join(folderOf(world, handle), 'console'), 'x'.repeat(70_000))
      expect(await world.host.ignite.logs(uidOf(handle))).toBe('')

      const before = standIn.calls().length
      await keepLastWords(world.host, uidOf(handle), join(standIn.root, 'words'))
      expect(standIn.calls()).toHaveLength(before)
      expect((await readFile(consoleCopy(world.places, uidOf(handle)))).length).toBe(70_000)
    },
    TEST_MS,
  )
})

describe('a removal', () => {
  it(
    'that hangs is done by hand',
    async () => {
      await start({ removeMs: 3_000 })
      await standIn.fault('hanging-rm', 1)
      const order = world.newOrder()
      await world.boot(order)
      await world.driver.destroy(order)
      expect(await tracesOf(world)).toEqual([])
      expect(world.warnings).toContain('ignite rm failed, done by hand')
    },
    TEST_MS,
  )

  it(
    "names machines by their whole id, and takes none whose name begins with another's",
    async () => {
      await start()
      const order = world.newOrder()
      const handle = await world.boot(order)
      const folder = folderOf(world, handle)
      // Somebody else's machine, whose name begins with the id of ours.
      const other = join(standIn.root, 'firecracker/vm/0123456789abcdef')
      const text = await readFile(join(folder, 'metadata.json'), 'utf8')
      await mkdir(other)
      const uid = uidOf(handle)
      await writeFile(
        join(other, 'metadata.json'),
        text
          .replaceAll(uid, '0123456789abcdef')
          .replace(/"name": "vessel[^"]*"/, `"name": "${uid}x"`),
      )
      await rm(folder, { recursive: true })
      await world.driver.destroy(order)
      expect(standIn.names('firecracker/vm')).toEqual(['0123456789abcdef'])

      const named = standIn
        .calls()
        .filter(({ argv }) => ['rm', 'start', 'inspect', 'logs'].includes(argv[0] ?? ''))
        .filter(({ tool }) => tool === 'ignite')
        .map(({ argv }) => argv.find((word) => /^[0-9a-f]{8,}/.test(word)) ?? '')
      for (const id of named) expect(id).toMatch(/^[0-9a-f]{16}$/)
    },
    TEST_MS,
  )
})

describe('two agents on one host', () => {
  it(
    'import each image once between them',
    async () => {
      await start()
      await rm(join(standIn.root, 'firecracker'), { recursive: true })
      const settings = { vmsDir: world.paths.vmsDir, images: world.settings.images }
      const hosts = [world.anotherHost(), world.anotherHost(), world.anotherHost()]
      await Promise.all(hosts.map((host) => prepareHost(host, settings)))
      expect(standIn.names('firecracker/image')).toHaveLength(1)
      expect(standIn.names('firecracker/kernel')).toHaveLength(1)
    },
    TEST_MS,
  )

  it(
    'repair an image that was imported more than once',
    async () => {
      await start()
      const [image = ''] = standIn.names('firecracker/image')
      const folder = join(standIn.root, 'firecracker/image')
      const copy = image.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))
      await cp(join(folder, image), join(folder, copy), { recursive: true })
      const metadata = await readFile(join(folder, copy, 'metadata.json'), 'utf8')
      await writeFile(join(folder, copy, 'metadata.json'), metadata.replace(image, copy))
      const failure = await world.boot(world.newOrder()).catch(VesselError.from)
      expect(failure).toMatchObject({ message: expect.stringMatching(/ambiguous image query/) })

      await world.prepare()
      expect(standIn.names('firecracker/image')).toHaveLength(1)
      const order = world.newOrder()
      await world.answers(order, await world.boot(order))
    },
    TEST_MS,
  )

  it(
    'never change machines at the same time',
    async () => {
      await start()
      const execute = createExecute(standIn.path)
      const other = world.anotherHost()
      const mark = join(standIn.root, 'mark')
      let slow: Promise<unknown> = Promise.resolve()
      // As an agent that is killed: it is gone, and what it started still runs.
      await world.host.mutex.run(async ({ fd }) => {
        const args = ['-c', 'sleep 0.3; touch "$0"', mark]
        slow = execute('sh', args, { timeoutMs: 5_000, lockFd: fd })
      })
      expect(await other.mutex.run(async () => existsSync(mark))).toBe(true)
      await slow
      const [order, another] = [world.newOrder(), world.newOrder()]
      await Promise.all([world.boot(order), world.boot(another)])
      const changes = standIn
        .calls()
        .filter(
          ({ tool, argv }) => tool === 'ignite' && /^(run|rm|start|image)$/.test(argv[0] ?? ''),
        )
        .sort((a, b) => Number(a.beginNs - b.beginNs))
      for (const [index, { endNs }] of changes.entries()) {
        const next = changes[index + 1]
        if (next) expect(endNs ?? 0n).toBeLessThan(next.beginNs)
      }
    },
    TEST_MS,
  )
})

describe('an agent that ends while a machine is made', () => {
  it(
    'leaves it to the next one, which makes no second',
    async () => {
      await start()
      const order = world.newOrder()
      await world.volumes.create(order.session, order.spec)
      const ending = new AbortController()
      const made = world.driver.create(order, ending.signal)
      await world.until('ignite is at work', async () => runs().length > 0)
      ending.abort(new VesselError('SHUTTING_DOWN'))
      const handle = await world.boot(order)
      expect(await made).toEqual(handle)
      expect(runs()).toHaveLength(1)
      await world.answers(order, handle)
    },
    TEST_MS,
  )
})

describe('a host that comes back after its power failed', () => {
  it(
    'starts the machine of an unfinished boot again over its volume',
    async () => {
      await start()
      const order = world.newOrder()
      const handle = await world.boot(order)
      await world.answers(order, handle)
      await standIn.crashHost()
      expect(await world.driver.isAlive(handle)).toBe(false)
      await world.prepare()
      const again = await world.boot(order)
      expect(again).toEqual(handle)
      await world.answers(order, again)
    },
    TEST_MS,
  )

  it(
    'is cleared of what belongs to no machine, and of nothing else',
    async () => {
      await start()
      const [kept, lost] = [world.newOrder(), world.newOrder()]
      const machine = await world.boot(kept)
      const gone = await world.boot(lost)
      await appendFile(consoleCopy(world.places, uidOf(gone)), 'x')
      // Ignite forgot it, as after `rm -f` of a machine that had died.
      await rm(folderOf(world, gone), { recursive: true })
      await standIn.fault('ps', 1)
      await expect(world.prepare()).rejects.toThrow(/failed to get VMs/)
      const before = await tracesOf(world)
      expect(before.filter((trace) => trace.includes(uidOf(gone)))).not.toEqual([])

      await world.prepare()
      const after = await tracesOf(world)
      expect(after.filter((trace) => trace.includes(uidOf(gone)))).toEqual([])
      expect(after.filter((trace) => trace.includes(lost.session))).toEqual([])
      expect(standIn.names('tmp')).toEqual([])
      await world.answers(kept, machine)
      await world.driver.destroy(kept)
      expect(await tracesOf(world)).toEqual([])
    },
    TEST_MS,
  )
})
