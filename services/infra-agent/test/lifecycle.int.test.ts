import { chmod, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { sha256 } from '@vessel/proto/ids'
import { killTree } from '../src/drivers/process/signal-tree.ts'
import { systemClock } from '../src/host/clock.ts'
import { bootsAlive, isThere, newOpId, startCommand } from './support/agent.ts'
import { until } from './support/processes.ts'
import { createWorld, type World } from './support/world.ts'

const TEST_MS = 90_000
const STEPS = [
  ...['journal', 'volume', 'boot', 'guest', 'download', 'hydrate', 'ide', 'route'],
  ...['pack', 'upload', 'commit', 'unroute', 'destroy'],
]

describe('the life of a session', () => {
  let world: World

  beforeEach(async () => {
    world = await createWorld()
  }, TEST_MS)
  afterEach(() => world.cleanup.run(), TEST_MS)

  it(
    'boots, is saved on stop and leaves nothing behind',
    async () => {
      const { agent, orchestrator } = world
      const command = startCommand()
      const { session } = command
      await world.boot(command)
      expect(isThere(join(agent.routesDir, `${session}.yml`))).toBe(true)

      await writeFile(join(agent.paths.workspace(session), 'hello.txt'), 'hello')
      await world.stop(command)
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
      expect(done.map(({ step }) => step)).toEqual(STEPS)
    },
    TEST_MS,
  )

  it(
    'gives the next session the very tree the last one saved',
    async () => {
      const { agent, orchestrator, storage } = world
      const first = startCommand()
      await world.boot(first)
      const before = agent.paths.workspace(first.session)
      await writeFile(join(before, 'run.sh'), '#!/bin/sh\necho hi\n')
      await chmod(join(before, 'run.sh'), 0o755)
      await symlink('run.sh', join(before, 'link'))
      await world.stop(first)
      await orchestrator.event(first.session, 'stopped')

      const [commit] = orchestrator.commits
      if (!commit) throw new Error('nothing was committed')
      const archive = {
        url: `${storage.url}/object/${commit.path}`,
        format: commit.format,
        bytes: commit.bytes,
        sha256: sha256.parse(commit.sha256),
      }
      const second = startCommand({ archive, project: first.project, epoch: 2 })
      await world.boot(second)
      const after = agent.paths.workspace(second.session)
      expect(await readFile(join(after, 'link'), 'utf8')).toContain('echo hi')
      expect((await stat(join(after, 'run.sh'))).mode & 0o777).toBe(0o755)

      await world.stop(second)
      const saved = await orchestrator.event(second.session, 'saved')
      expect(saved.result).toBe('unchanged')
      await orchestrator.event(second.session, 'stopped')
      expect(orchestrator.commits).toHaveLength(1)
    },
    TEST_MS,
  )

  it(
    'takes checkpoints while it runs, and none when nothing changed',
    async () => {
      const { agent, orchestrator } = world
      const command = startCommand()
      const { session, epoch } = command
      await world.boot(command)
      await writeFile(join(agent.paths.workspace(session), 'a.txt'), 'a')
      await orchestrator.command('save', { opId: newOpId(), session, epoch })
      const saved = await orchestrator.event(session, 'saved')
      expect(saved).toMatchObject({ kind: 'checkpoint', result: 'head' })

      await orchestrator.command('save', { opId: newOpId(), session, epoch })
      await until('the second save is told', async () => {
        const events = await orchestrator.events(session)
        return events.filter(({ type }) => type === 'saved').length === 2
      })
      expect(orchestrator.commits).toHaveLength(1)
      await world.stop(command, 'discard')
      const stopped = await orchestrator.event(session, 'stopped')
      expect(stopped).toMatchObject({ reason: 'user_discard', isSaved: false })
    },
    TEST_MS,
  )

  it(
    'is cancelled in the middle of its start without a trace',
    async () => {
      const { agent, orchestrator } = world
      const command = startCommand()
      await orchestrator.command('start', command)
      await world.stop(command)
      const stopped = await orchestrator.event(command.session, 'stopped')
      expect(stopped).toMatchObject({ isSaved: false })
      expect(orchestrator.commits).toEqual([])
      expect(await bootsAlive(agent.paths)).toEqual([])
      expect(isThere(agent.paths.vm(command.session))).toBe(false)
    },
    TEST_MS,
  )

  it(
    'fails with a reason and cleans up when its archive is not what was stored',
    async () => {
      const { agent, orchestrator, storage } = world
      storage.objects.set('broken.zip', Buffer.from('not a zip'))
      const archive = {
        url: `${storage.url}/object/broken.zip`,
        format: 'zip' as const,
        bytes: 9,
        sha256: sha256.parse('0'.repeat(64)),
      }
      const command = startCommand({ archive })
      await orchestrator.command('start', command)
      const failed = await orchestrator.event(command.session, 'failed')
      expect(failed).toMatchObject({ stage: 'download', code: 'ARCHIVE_MISMATCH' })
      // Whoever reads the beat before the event learns as much.
      const told = await until('a beat tells of the end', () =>
        orchestrator.beats.at(-1)?.sessions.find(({ state }) => state === 'failed'),
      )
      expect(told.end).toMatchObject({ stage: 'download', error: { code: 'ARCHIVE_MISMATCH' } })
      expect(await bootsAlive(agent.paths)).toEqual([])
      expect(isThere(agent.paths.vm(command.session))).toBe(false)
    },
    TEST_MS,
  )

  it(
    'gets a new machine over its files when the old one dies',
    async () => {
      const { agent, orchestrator } = world
      const command = startCommand()
      const { session } = command
      await world.boot(command)
      await writeFile(join(agent.paths.workspace(session), 'kept.txt'), 'kept')
      for (const boot of await bootsAlive(agent.paths)) await killTree(boot, systemClock)
      await until('the machine is started again', async () => {
        const record = JSON.parse(await readFile(agent.paths.record(session), 'utf8'))
        return record.restarts === 1 && record.endpoint !== null
      })
      await world.stop(command)
      await orchestrator.event(session, 'stopped')
      expect(orchestrator.commits[0]).toMatchObject({ entries: 1 })
    },
    TEST_MS,
  )
})
