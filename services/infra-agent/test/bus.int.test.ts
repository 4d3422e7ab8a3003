import { randomUUID } from 'node:crypto'
import { appendFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { FeedItem } from '@vessel/proto/events/feed'
import { projectId, sessionId } from '@vessel/proto/ids'
import { parseJson } from '@vessel/proto/parse'
import { bid } from '@vessel/proto/placement'
import { subjects } from '@vessel/proto/subjects'
import { newOpId, startCommand } from './support/agent.ts'
import { figureOf } from './support/figures.ts'
import { until } from './support/processes.ts'
import { createWorld, spoolText, type World } from './support/world.ts'

const TEST_MS = 90_000

describe('the agent on the bus', () => {
  let world: World

  beforeEach(async () => {
    world = await createWorld({ VM_MAX: '2' })
  }, TEST_MS)
  afterEach(() => world.cleanup.run(), TEST_MS)

  const linesOf = (items: readonly FeedItem[]) =>
    items.flatMap((item) => (item.kind === 'line' && item.source === 'console' ? [item.text] : []))

  it(
    'neither loses nor doubles a line when the server is killed and restarted',
    async () => {
      const { agent, orchestrator, nats } = world
      const command = startCommand()
      const { session } = command
      await world.boot(command)
      const say = async (from: number, to: number) => {
        for (let line = from; line < to; line += 1) {
          await appendFile(agent.paths.console(session), `mark ${line}\n`)
        }
      }
      await say(0, 500)
      await nats.crash()
      await say(500, 1_000)
      await until('figures tell of what waits', async () => {
        return (await figureOf(agent, 'vessel_agent_feed_unsent_items')) > 0
      })
      await nats.start()
      await say(1_000, 1_500)
      const items = await until(
        'every line has arrived',
        async () => {
          const feed = await orchestrator.feed(session).catch(() => [])
          return linesOf(feed).includes('mark 1499') ? feed : null
        },
        60_000,
      )
      const marks = linesOf(items).filter((line) => line.startsWith('mark '))
      await until('figures tell that nothing waits', async () => {
        return (await figureOf(agent, 'vessel_agent_feed_unsent_items')) === 0
      })
      expect(marks).toEqual(Array.from({ length: 1_500 }, (_, line) => `mark ${line}`))
      expect(items.map(({ seq }) => seq)).toEqual(items.map((_, index) => index + 1))
    },
    TEST_MS,
  )

  it(
    'sends what it could not send before its own end when it is back',
    async () => {
      const { agent, orchestrator, nats } = world
      const command = startCommand()
      await world.boot(command)
      await nats.crash()
      await appendFile(agent.paths.console(command.session), 'said while cut off\n')
      await until('the line is in the spool', () =>
        spoolText(agent.paths.spoolOf(command.session)).includes('said while cut off'),
      )
      await agent.crash()
      await nats.start()
      await agent.start()
      await until('the line arrives', async () => {
        const feed = await orchestrator.feed(command.session).catch(() => [])
        return linesOf(feed).filter((line) => line === 'said while cut off').length === 1
      })
      const items = await orchestrator.feed(command.session)
      expect(items.map(({ seq }) => seq)).toEqual(items.map((_, index) => index + 1))
    },
    TEST_MS,
  )

  it(
    'does a command once however often it is sent',
    async () => {
      const { orchestrator } = world
      const command = startCommand()
      const replies = await Promise.all([1, 2, 3].map(() => orchestrator.command('start', command)))
      expect(new Set(replies.map(({ bootId }) => bootId)).size).toBe(1)
      await orchestrator.event(command.session, 'ready')
      const again = await orchestrator.command('start', { ...command, opId: newOpId() })
      expect(again).toEqual(replies[0])
      const { session, epoch } = command
      const order = { opId: newOpId(), session, epoch, argv: ['sh', '-c', 'echo x >> once'] }
      await orchestrator.command('exec', { ...order, timeoutMs: 5_000 })
      await orchestrator.command('exec', { ...order, timeoutMs: 5_000 })
      const read = { opId: newOpId(), session, epoch, argv: ['cat', 'once'], timeoutMs: 5_000 }
      expect((await orchestrator.command('exec', read)).stdout).toBe('x\n')
    },
    TEST_MS,
  )

  it(
    'tells what a save would hold, of a machine that is ready',
    async () => {
      const { orchestrator } = world
      const command = startCommand({ epoch: 5, ignore: ['*.log'] })
      await world.boot(command)
      const { session, epoch } = command
      const write = { argv: ['sh', '-c', 'echo new > new.txt; echo no > no.log'], timeoutMs: 5_000 }
      const before = await orchestrator.command('preview', { session, epoch })
      await orchestrator.command('exec', { opId: newOpId(), session, epoch, ...write })
      const after = await orchestrator.command('preview', { session, epoch })
      expect(after.files).toBe(before.files + 1)
      expect(after.unpackedBytes).toBe(before.unpackedBytes + 4)
      expect(after.leftOut).toContain('no.log')
      expect(after.leftOutSize?.bytes).toBe((before.leftOutSize?.bytes ?? 0) + 3)
      await expect(
        orchestrator.command('preview', { session, epoch: epoch - 1 }),
      ).rejects.toMatchObject({ code: 'EPOCH_STALE' })
    },
    TEST_MS,
  )

  it(
    'refuses the commands of an older run and of sessions it does not know',
    async () => {
      const { orchestrator } = world
      const command = startCommand({ epoch: 5 })
      await world.boot(command)
      const older = startCommand({ project: command.project, epoch: 4 })
      await expect(orchestrator.command('start', older)).rejects.toMatchObject({
        code: 'EPOCH_STALE',
      })
      const { session } = command
      const stop = { opId: newOpId(), session, epoch: 4, mode: 'save', reason: 'idle' } as const
      await expect(orchestrator.command('stop', stop)).rejects.toMatchObject({
        code: 'EPOCH_STALE',
      })
      const unknown = { ...stop, opId: newOpId(), session: startCommand().session }
      await expect(orchestrator.command('stop', unknown)).rejects.toMatchObject({
        code: 'SESSION_UNKNOWN',
      })
      const bare = await orchestrator.nats.request(
        subjects.command(orchestrator.host, 'stop'),
        '{}',
      )
      expect(bare.json()).toMatchObject({ ok: false, error: { code: 'VALIDATION' } })
    },
    TEST_MS,
  )

  it(
    'bids while it has room, keeps what it promised, and is silent otherwise',
    async () => {
      const { orchestrator } = world
      const ask = async (memoryMib = 256) => {
        const request = {
          session: sessionId.parse(randomUUID()),
          project: projectId.parse(randomUUID()),
          spec: { cpuCount: 1, memoryMib, diskMib: 256 },
          archiveSha256: null,
        }
        const answers = await orchestrator.nats.requestMany(
          subjects.place,
          JSON.stringify(request),
          { strategy: 'timer', maxWait: 300 },
        )
        const bids = []
        for await (const answer of answers) bids.push(parseJson(bid, answer.data))
        return bids
      }
      expect(await ask()).toHaveLength(1)
      expect(await ask(200_000)).toEqual([])
      expect(await ask()).toHaveLength(1)
      // Two promises fill a host of two.
      expect(await ask()).toEqual([])
      await expect(orchestrator.command('start', startCommand())).rejects.toMatchObject({
        code: 'HOST_FULL',
      })
      await orchestrator.command('drain', { opId: newOpId() })
      await expect(orchestrator.command('start', startCommand())).rejects.toMatchObject({
        code: 'HOST_DRAINING',
      })
      expect(await ask()).toEqual([])
      await orchestrator.command('resume', { opId: newOpId() })
      const bids = await until('the promises have run out', async () => {
        const answered = await ask()
        return answered.length > 0 ? answered : null
      })
      expect(bids).toHaveLength(1)
    },
    TEST_MS,
  )

  it(
    'tells its state in beats, at once after a change',
    async () => {
      const { orchestrator } = world
      await until('it beats', () => orchestrator.beats.length > 0)
      const command = startCommand()
      await world.boot(command)
      const told = await until('a beat tells of the session', () =>
        orchestrator.beats
          .at(-1)
          ?.sessions.find(({ session, state }) => session === command.session && state === 'ready'),
      )
      expect(told).toMatchObject({ epoch: 1, slug: 'demo', end: null })
      await world.stop(command)
      const ended = await until('a beat tells of the end', () =>
        orchestrator.beats.at(-1)?.sessions.find(({ state }) => state === 'stopped'),
      )
      expect(ended.end).toMatchObject({ reason: 'user_exit' })
    },
    TEST_MS,
  )
})
