import { randomBytes } from 'node:crypto'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { bootsAlive, isThere, startCommand } from './support/agent.ts'
import { figureOf } from './support/figures.ts'
import { until } from './support/processes.ts'
import type { StorageFault } from './support/storage.ts'
import { createWorld, type World } from './support/world.ts'

const TEST_MS = 90_000
/** Above the limit from which uploads are resumable, and not to be squeezed below it. */
const LARGE_BYTES = 14 * 1024 * 1024

describe('saving', () => {
  let world: World

  beforeEach(async () => {
    world = await createWorld({ DEAD_MAN_MS: '22000' })
  }, TEST_MS)
  afterEach(() => world.cleanup.run(), TEST_MS)

  async function bootWith(bytes: number) {
    const command = startCommand()
    await world.boot(command)
    const file = join(world.agent.paths.workspace(command.session), 'data.bin')
    await writeFile(file, randomBytes(bytes))
    return { command, file }
  }

  const faults: [string, number, StorageFault[]][] = [
    ['a store that refuses three times', 100, ['refuse', 'refuse', 'refuse']],
    ['a store that breaks the connection', 100, ['cut', 'cut']],
    ['a store that takes the file and does not say so', 100, ['hang-after-store']],
    ['a signature that ran out', 100, ['forbidden']],
    ['a large upload that is cut off twice', LARGE_BYTES, ['cut', 'cut']],
    ['a large upload under a signature that ran out', LARGE_BYTES, ['forbidden']],
    ['a store that refuses more often than one try is patient', 100, Array(7).fill('refuse')],
  ]
  it.each(faults)(
    'survives %s',
    async (_name, bytes, met) => {
      const { orchestrator, storage } = world
      const { command } = await bootWith(bytes)
      storage.faults.push(...met)
      await world.stop(command)
      const stopped = await orchestrator.event(command.session, 'stopped', 60_000)
      expect(stopped.isSaved).toBe(true)
      expect(storage.faults).toEqual([])
      const commit = orchestrator.commits.at(-1)
      expect(storage.objects.get(commit?.path ?? '')?.length).toBe(commit?.bytes)
    },
    TEST_MS,
  )

  it(
    'goes on from where a large upload was cut off',
    async () => {
      const { orchestrator, storage } = world
      const { command } = await bootWith(LARGE_BYTES)
      storage.faults.push('cut')
      await world.stop(command)
      await orchestrator.event(command.session, 'stopped', 60_000)
      const posts = storage.requests.filter((line) => line === 'POST /tus')
      expect(posts).toHaveLength(1)
      expect(storage.requests.some((line) => line.startsWith('HEAD /tus/'))).toBe(true)
    },
    TEST_MS,
  )

  it(
    'keeps the volume while nobody commits, tells so, and ends once somebody does',
    async () => {
      const { agent, orchestrator } = world
      const { command, file } = await bootWith(100)
      orchestrator.refusals.set('commit', { code: 'STORE_DOWN', times: 8 })
      await world.stop(command)
      const failure = await orchestrator.event(command.session, 'save-failed')
      expect(failure).toMatchObject({ stage: 'commit', code: 'STORE_DOWN', attempt: 1 })
      expect(isThere(file)).toBe(true)
      const { sessions } = await orchestrator.command('list', {})
      expect(sessions[0]?.state).toBe('save-failed')
      expect(await figureOf(agent, 'vessel_agent_saves_failing')).toBe(1)

      const stopped = await orchestrator.event(command.session, 'stopped', 60_000)
      expect(stopped.isSaved).toBe(true)
      expect(isThere(agent.paths.vm(command.session))).toBe(false)
      expect(await figureOf(agent, 'vessel_agent_saves_failing')).toBe(0)
    },
    TEST_MS,
  )

  it(
    'loses nothing on a host whose disk is full, says that it is, and saves once there is room',
    async () => {
      const { agent, orchestrator } = world
      const { command, file } = await bootWith(100)
      // The kernel refuses every byte written there as it does on a full disk.
      for (const seq of [1, 2]) {
        const packed = agent.paths.packed(command.session, `${command.epoch}-${seq}.part.zip`)
        await mkdir(dirname(packed), { recursive: true })
        await symlink('/dev/full', packed)
      }
      await world.stop(command)
      const failure = await orchestrator.event(command.session, 'save-failed')
      expect(failure).toMatchObject({ stage: 'pack', code: 'DISK_FULL', attempt: 1 })
      expect(isThere(file)).toBe(true)

      const stopped = await orchestrator.event(command.session, 'stopped', 60_000)
      expect(stopped.isSaved).toBe(true)
      expect(orchestrator.commits.at(-1)?.seq).toBe(3)
    },
    TEST_MS,
  )

  it(
    'goes on trying after a restart of the agent, and a discard ends it',
    async () => {
      const { agent, orchestrator } = world
      const { command, file } = await bootWith(100)
      orchestrator.refusals.set('commit', { code: 'STORE_DOWN', times: 1_000 })
      await world.stop(command)
      await orchestrator.event(command.session, 'save-failed')
      await agent.crash()
      await agent.start()
      await until('a later try fails too', async () => {
        const events = await orchestrator.events(command.session)
        return events.some((event) => event.type === 'save-failed' && event.attempt > 1)
      })
      expect(isThere(file)).toBe(true)
      await world.stop(command, 'discard')
      const stopped = await orchestrator.event(command.session, 'stopped')
      expect(stopped).toMatchObject({ isSaved: false, reason: 'user_discard' })
      expect(await bootsAlive(agent.paths)).toEqual([])
    },
    TEST_MS,
  )

  it(
    'keeps the files apart when another host holds the project',
    async () => {
      const { agent, orchestrator } = world
      const { command } = await bootWith(100)
      orchestrator.commitResult = 'recovery'
      orchestrator.lost.add(command.session)
      const saved = await orchestrator.event(command.session, 'saved')
      expect(saved).toMatchObject({ kind: 'final', result: 'recovery' })
      const stopped = await orchestrator.event(command.session, 'stopped')
      expect(stopped).toMatchObject({ reason: 'host_lost', isSaved: true })
      expect(isThere(join(agent.routesDir, `${command.session}.yml`))).toBe(false)
      expect(await bootsAlive(agent.paths)).toEqual([])
    },
    TEST_MS,
  )

  it(
    'stops the machine while no lease can be renewed, and lets it run on afterwards',
    async () => {
      const { agent, orchestrator } = world
      const { command } = await bootWith(100)
      const stateOf = async () => (await orchestrator.command('list', {})).sessions[0]?.state
      orchestrator.isSilent = true
      await until('it is paused', async () => (await stateOf()) === 'paused', 45_000)
      await until('its files are packed on the host, beyond the dead-man time', async () => {
        const record = await readFile(agent.paths.record(command.session), 'utf8')
        return JSON.parse(record).pending !== null && (await stateOf()) === 'paused'
      })
      expect(orchestrator.commits).toEqual([])
      orchestrator.isSilent = false
      await until('it is ready again', async () => (await stateOf()) === 'ready')
      await world.stop(command)
      const stopped = await orchestrator.event(command.session, 'stopped')
      expect(stopped.isSaved).toBe(true)
    },
    TEST_MS,
  )
})
