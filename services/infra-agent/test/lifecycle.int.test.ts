import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import {
  bootsAlive,
  createAgent,
  isThere,
  newOpId,
  startCommand,
  type TestAgent,
} from './support/agent.ts'
import { startNats } from './support/nats-server.ts'
import { FakeOrchestrator } from './support/orchestrator.ts'
import { Cleanup } from './support/processes.ts'
import { type Storage, startStorage } from './support/storage.ts'

const TEST_MS = 90_000

describe('the life of a session', () => {
  const cleanup = new Cleanup()
  let storage: Storage
  let orchestrator: FakeOrchestrator
  let agent: TestAgent

  beforeEach(async () => {
    const nats = await startNats(cleanup)
    storage = await startStorage(cleanup)
    orchestrator = new FakeOrchestrator(await nats.connect(), storage)
    agent = await createAgent(cleanup, nats.url)
    await agent.start()
  }, TEST_MS)
  afterEach(() => cleanup.run(), TEST_MS)

  it(
    'boots, is saved on stop and leaves nothing behind',
    async () => {
      const command = startCommand()
      await orchestrator.command('start', command)
      const ready = await orchestrator.event(command.session, 'ready')
      expect(ready).toMatchObject({ epoch: 1, ip: '127.0.0.1' })
      expect(isThere(join(agent.routesDir, `${command.session}.yml`))).toBe(true)

      await writeFile(join(agent.paths.workspace(command.session), 'hello.txt'), 'hello')
      const { session, epoch } = command
      await orchestrator.command('stop', {
        opId: newOpId(),
        session,
        epoch,
        mode: 'save',
        reason: 'user_exit',
      })
      const stopped = await orchestrator.event(session, 'stopped')
      expect(stopped).toMatchObject({ reason: 'user_exit', isSaved: true })
      expect(orchestrator.commits).toHaveLength(1)
      expect(orchestrator.commits[0]).toMatchObject({ kind: 'final', entries: 1, seq: 1 })
      expect(await bootsAlive(agent.paths)).toEqual([])
      expect(isThere(agent.paths.vm(session))).toBe(false)
      expect(isThere(join(agent.routesDir, `${session}.yml`))).toBe(false)

      const items = await orchestrator.feed(session)
      expect(items.map(({ seq }) => seq)).toEqual(items.map((_, index) => index + 1))
      const steps = items.flatMap((item) => (item.kind === 'step' ? [item] : []))
      const done = steps.filter(({ state }) => state === 'done' || state === 'skipped')
      expect(done.map(({ step }) => step)).toEqual([
        'journal',
        'volume',
        'boot',
        'guest',
        'download',
        'hydrate',
        'ide',
        'route',
        'pack',
        'upload',
        'commit',
        'unroute',
        'destroy',
      ])
    },
    TEST_MS,
  )
})
