import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { type SessionId, sha256 } from '@vessel/proto/ids'
import { DEFAULT_MACHINE } from '@vessel/proto/machine'
import { bootsAlive, newOpId, startCommand } from './support/agent.ts'
import { figureOf } from './support/figures.ts'
import { until } from './support/processes.ts'
import { createWorld, type World } from './support/world.ts'

const TEST_MS = 90_000

let world: World
afterEach(() => world.cleanup.run(), TEST_MS)

const warmMarks = async () => {
  const names = await readdir(world.agent.paths.warmDir).catch(() => [])
  return names.filter((name) => name.endsWith('.json'))
}
const volumes = () => readdir(world.agent.paths.vmsDir)

/** The machine of a warm place is up when VS Code was started in it. */
const untilWarm = (count: number) =>
  until(`${count} machines are warm`, async () => {
    return (await figureOf(world.agent, 'vessel_agent_warm_machines')) === count
  })

async function recordOf(session: SessionId) {
  return JSON.parse(await readFile(world.agent.paths.record(session), 'utf8'))
}

const command = (more: Partial<ReturnType<typeof startCommand>> = {}) =>
  startCommand({ spec: DEFAULT_MACHINE, ...more })

describe('a host with a warm machine', () => {
  beforeEach(async () => {
    world = await createWorld({ WARM_POOL_SIZE: '1' })
    await untilWarm(1)
  }, TEST_MS)

  it(
    'gives it to the next session, which only brings its files, and makes another',
    async () => {
      const [warm] = await bootsAlive(world.agent.paths)
      const first = command()
      await world.boot(first)
      const record = await recordOf(first.session)
      expect(record.bootId).toBe(warm)
      expect(record.place).not.toBe(first.session)
      const items = await world.orchestrator.feed(first.session)
      const skipped = items.flatMap((item) =>
        item.kind === 'step' && item.state === 'skipped' ? [item.step] : [],
      )
      expect(skipped).toEqual(['journal', 'volume', 'boot', 'guest', 'download', 'ide'])
      await untilWarm(1)

      await world.stop(first)
      await world.orchestrator.event(first.session, 'stopped')
      expect(await bootsAlive(world.agent.paths)).not.toContain(warm)
      const second = command()
      await world.boot(second)
      expect((await recordOf(second.session)).bootId).not.toBe(warm)
    },
    TEST_MS,
  )

  it(
    'saves what was made in it, like of any other',
    async () => {
      const first = command()
      await world.boot(first)
      const { place } = await recordOf(first.session)
      const { agent, orchestrator } = world
      await writeFile(join(agent.paths.workspace(place), 'made.txt'), 'made')
      await world.stop(first)
      expect(await orchestrator.event(first.session, 'stopped')).toMatchObject({ isSaved: true })
      expect(orchestrator.commits[0]).toMatchObject({ entries: 1 })
      expect(sha256.safeParse(orchestrator.commits[0]?.sha256).success).toBe(true)
      expect(await volumes()).not.toContain(place)
    },
    TEST_MS,
  )

  it(
    'keeps it for those whose machine is like it',
    async () => {
      const [warm] = await bootsAlive(world.agent.paths)
      const own = command({ environment: { A: 'b' } })
      const small = command({ spec: { ...DEFAULT_MACHINE, memoryMib: 256 } })
      for (const other of [own, small]) {
        await world.boot(other)
        expect((await recordOf(other.session)).bootId).not.toBe(warm)
      }
      expect(await bootsAlive(world.agent.paths)).toContain(warm)
    },
    TEST_MS,
  )

  it(
    'leaves nothing of it behind when it was killed, and keeps what a session had taken',
    async () => {
      const first = command()
      await world.boot(first)
      await untilWarm(1)
      const { bootId } = await recordOf(first.session)
      await world.agent.crash()
      const [mark] = await warmMarks()
      await world.agent.start()
      await untilWarm(1)
      expect(await warmMarks()).not.toContain(mark)
      expect(await bootsAlive(world.agent.paths)).toHaveLength(2)
      expect(await bootsAlive(world.agent.paths)).toContain(bootId)
      expect(await volumes()).toHaveLength(2)
    },
    TEST_MS,
  )

  it(
    'has none left when it drains, and none when it ends',
    async () => {
      await world.orchestrator.command('drain', { opId: newOpId() })
      await until('the machine and its mark are gone', async () => {
        return (await volumes()).length === 0 && (await warmMarks()).length === 0
      })
      await world.orchestrator.command('resume', { opId: newOpId() })
      await untilWarm(1)
      await world.agent.terminate()
      await until('the machine is gone', async () => (await volumes()).length === 0)
      expect(await bootsAlive(world.agent.paths)).toEqual([])
    },
    TEST_MS,
  )
})

describe('a host with room for one machine', () => {
  it(
    'gives the warm one up for whoever needs the room',
    async () => {
      world = await createWorld({
        WARM_POOL_SIZE: '1',
        MEMORY_MIB_TOTAL: String(DEFAULT_MACHINE.memoryMib),
      })
      await untilWarm(1)
      const other = command({ environment: { A: 'b' } })
      await world.boot(other)
      expect(await bootsAlive(world.agent.paths)).toHaveLength(1)
      await untilWarm(0)
    },
    TEST_MS,
  )
})
