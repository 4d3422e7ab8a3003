import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { FeedItem } from '@vessel/proto/events/feed'
import { BOOT_STEP_ORDER, SAVE_STEP_ORDER } from '@vessel/proto/steps'
import { bootsAlive, isThere, startCommand } from './support/agent.ts'
import { until } from './support/processes.ts'
import { createWorld, type World } from './support/world.ts'

const TEST_MS = 90_000
const BOOT_STEPS = BOOT_STEP_ORDER.filter((step) => step !== 'place' && step !== 'journal')

function expectNoHoles(items: readonly FeedItem[]): void {
  expect(items.map(({ seq }) => seq)).toEqual(items.map((_, index) => index + 1))
}

describe('an agent that is killed', () => {
  let world: World

  beforeEach(async () => {
    world = await createWorld()
  }, TEST_MS)
  afterEach(() => world.cleanup.run(), TEST_MS)

  it.each(BOOT_STEPS.filter((step) => step !== 'volume' && step !== 'download'))(
    'during %s brings the session up all the same when it is back',
    async (step) => {
      const { agent, orchestrator } = world
      const command = startCommand()
      await orchestrator.command('start', command)
      await world.crashAt(command, step)
      await agent.start()
      await orchestrator.event(command.session, 'ready')
      expect(await bootsAlive(agent.paths)).toHaveLength(1)
      expectNoHoles(await orchestrator.feed(command.session))

      await world.stop(command, 'discard')
      await orchestrator.event(command.session, 'stopped')
      expect(await bootsAlive(agent.paths)).toEqual([])
      expect(isThere(agent.paths.vm(command.session))).toBe(false)
    },
    TEST_MS,
  )

  it.each(SAVE_STEP_ORDER)(
    'during %s of the last save loses nothing and finishes when it is back',
    async (step) => {
      const { agent, orchestrator } = world
      const command = startCommand()
      await world.boot(command)
      await writeFile(join(agent.paths.workspace(command.session), 'work.txt'), 'work')
      await world.stop(command)
      await world.crashAt(command, step)
      // Either the files are committed already, or they are all still here.
      const isKept = isThere(join(agent.paths.workspace(command.session), 'work.txt'))
      expect(isKept || orchestrator.commits.length > 0).toBe(true)

      await agent.start()
      const stopped = await orchestrator.event(command.session, 'stopped')
      expect(stopped.isSaved).toBe(true)
      expect(orchestrator.commits.at(-1)).toMatchObject({ entries: 1 })
      expectNoHoles(await orchestrator.feed(command.session))
      expect(await bootsAlive(agent.paths)).toEqual([])
      expect(isThere(agent.paths.vm(command.session))).toBe(false)
    },
    TEST_MS,
  )

  it(
    'while a session is ready finds the very same machine again',
    async () => {
      const { agent, orchestrator } = world
      const command = startCommand()
      await world.boot(command)
      const pidOf = async () =>
        JSON.parse(await readFile(agent.paths.record(command.session), 'utf8')).machine.pid
      const before = await pidOf()
      await agent.crash()
      const route = join(agent.routesDir, `${command.session}.yml`)
      await rm(route)
      expect(await bootsAlive(agent.paths)).toHaveLength(1)
      await agent.start()
      await until('the session is listed as ready again', async () => {
        const { sessions } = await orchestrator.command('list', {})
        return sessions[0]?.state === 'ready'
      })
      expect(await pidOf()).toBe(before)
      await until('its route is there again', () => isThere(route))
      const ready = (await orchestrator.events(command.session)).filter(
        ({ type }) => type === 'ready',
      )
      // Told again when the agent died between telling it and writing that down; never anew.
      expect(new Set(ready.map((event) => JSON.stringify(event))).size).toBe(1)
    },
    TEST_MS,
  )

  it(
    'sets a record it cannot read aside and starts',
    async () => {
      const { agent } = world
      await agent.crash()
      const name = startCommand().session
      await writeFile(agent.paths.record(name), '{"version":1')
      await agent.start()
      expect(isThere(agent.paths.record(name))).toBe(false)
      expect(agent.output()).toContain('journal record set aside')
    },
    TEST_MS,
  )

  it(
    'by SIGTERM leaves its machines running',
    async () => {
      const { agent } = world
      await world.boot(startCommand())
      await agent.terminate()
      expect(await bootsAlive(agent.paths)).toHaveLength(1)
    },
    TEST_MS,
  )
})
