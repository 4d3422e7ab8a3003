import { describe, expect, it } from '@jest/globals'
import { VesselError } from '@vessel/proto/errors'
import { type SessionId, sessionId, type VisitorId, visitorId } from '@vessel/proto/ids'
import type { Hosted } from '../sessions/host-sessions.ts'
import type { Orchestrator } from '../vm/ports.ts'
import { Visitors } from './visitors.ts'

const SESSION = sessionId.parse('11111111-1111-4111-8111-111111111111')
const idOf = (number: number): VisitorId =>
  visitorId.parse(`22222222-2222-4222-8222-${String(number).padStart(12, '0')}`)
const [ADA, EVE] = [idOf(1), idOf(2)]

/** One session, and an orchestrator that answers when it is told to. */
function setUp() {
  const record = {
    session: SESSION,
    token: 't'.repeat(40),
    endpoint: { ip: '127.0.0.1', port: 1 },
    isPaused: false,
    end: null as object | null,
    visitors: [] as VisitorId[],
  }
  const update = async (patch: { visitors: VisitorId[] }) => void Object.assign(record, patch)
  const hosted = { vm: { context: { record, update } } } as unknown as Hosted
  const ended = new Set<VisitorId>()
  const asked: VisitorId[][] = []
  const world = {
    record,
    ended,
    asked,
    nowMs: 0,
    isDown: false,
    hold: Promise.resolve(),
    warnings: [] as string[],
    /** What the guest was told, and what it answers. */
    told: [] as VisitorId[][],
    guest: async (): Promise<number> => 1,
  }
  const ask = async (_verb: string, { visitors }: { visitors: VisitorId[] }) => {
    asked.push(visitors)
    if (world.isDown) throw new Error('down')
    const answer = { ended: visitors.filter((visitor) => ended.has(visitor)) }
    await world.hold
    return answer
  }
  const visitors = new Visitors({
    sessions: {
      all: () => [hosted],
      find: (session: SessionId) => (session === SESSION ? hosted : null),
    },
    orchestrator: { ask } as unknown as Orchestrator,
    guest: {
      endVisits: async (_ref, ended) => {
        world.told.push([...ended])
        return world.guest()
      },
    },
    clock: { now: () => 0, monotonic: () => world.nowMs, sleep: async () => undefined },
    log: {
      debug: () => undefined,
      info: () => undefined,
      warn: (_facts, message) => void world.warnings.push(message),
      error: () => undefined,
    },
  })
  return { visitors, world }
}

describe('a visitor', () => {
  it('is asked about once, however much a page wants at once, and is in the journal then', async () => {
    const { visitors, world } = setUp()
    await Promise.all(Array.from({ length: 20 }, () => visitors.admit(SESSION, ADA)))
    await visitors.admit(SESSION, ADA)
    expect(world.asked).toEqual([[ADA]])
    expect(world.record.visitors).toEqual([ADA])
  })

  it('who has ended is not let in, not written down, and asked about again only later', async () => {
    const { visitors, world } = setUp()
    world.ended.add(ADA)
    const refused = { code: 'TICKET_REVOKED' }
    await expect(visitors.admit(SESSION, ADA)).rejects.toMatchObject(refused)
    await expect(visitors.admit(SESSION, ADA)).rejects.toMatchObject(refused)
    expect(world.asked).toHaveLength(1)
    expect(world.record.visitors).toEqual([])
    world.nowMs = 31_000
    await visitors.look()
    await expect(visitors.admit(SESSION, ADA)).rejects.toMatchObject(refused)
    expect(world.asked).toHaveLength(2)
  })

  it('is refused from the look on that found their end, and another is not', async () => {
    const { visitors, world } = setUp()
    await visitors.admit(SESSION, ADA)
    await visitors.admit(SESSION, EVE)
    world.ended.add(ADA)
    await visitors.admit(SESSION, ADA)
    await visitors.look()
    await expect(visitors.admit(SESSION, ADA)).rejects.toMatchObject({ code: 'TICKET_REVOKED' })
    await visitors.admit(SESSION, EVE)
    expect(world.asked.at(-1)).toEqual([ADA, EVE])
  })

  it('stays in while some looks fail, and not when nobody has answered for long', async () => {
    const { visitors, world } = setUp()
    await visitors.admit(SESSION, ADA)
    world.isDown = true
    world.nowMs = 29_000
    await visitors.look()
    await visitors.admit(SESSION, ADA)
    world.nowMs = 31_000
    await expect(visitors.admit(SESSION, ADA)).rejects.toMatchObject({ code: 'AUTH_DOWN' })
    world.isDown = false
    await visitors.admit(SESSION, ADA)
    expect(world.warnings).toEqual(['visitors not asked about'])
  })

  it('is not let in again by an older answer that comes late', async () => {
    const { visitors, world } = setUp()
    await visitors.admit(SESSION, ADA)
    const late = Promise.withResolvers<void>()
    world.hold = late.promise
    const older = visitors.look()
    world.hold = Promise.resolve()
    world.nowMs = 1
    world.ended.add(ADA)
    await visitors.look()
    late.resolve()
    await older
    await expect(visitors.admit(SESSION, ADA)).rejects.toMatchObject({ code: 'TICKET_REVOKED' })
  })

  it('is nobody’s concern any more when the session has ended', async () => {
    const { visitors, world } = setUp()
    await visitors.admit(SESSION, ADA)
    world.record.end = {}
    await visitors.look()
    expect(world.asked).toHaveLength(1)
  })
})

describe('what a visitor who has ended has open', () => {
  async function endAda() {
    const { visitors, world } = setUp()
    await visitors.admit(SESSION, ADA)
    await visitors.admit(SESSION, EVE)
    world.ended.add(ADA)
    const look = async () => {
      await visitors.look()
      await new Promise(setImmediate)
    }
    await look()
    return { visitors, world, look }
  }

  it('is ended in the machine, again for whoever was on the way, and then forgotten', async () => {
    const { world, look } = await endAda()
    world.nowMs = 29_000
    await look()
    expect(world.told).toEqual([[ADA], [ADA]])
    expect(world.record.visitors).toEqual([ADA, EVE])
    world.nowMs = 31_000
    await look()
    await look()
    expect(world.told).toHaveLength(3)
    expect(world.record.visitors).toEqual([EVE])
  })

  it('is asked for again while the guest does not answer', async () => {
    const { world, look } = await endAda()
    world.guest = async () => {
      throw new Error('silent')
    }
    world.nowMs = 40_000
    await look()
    expect(world.record.visitors).toEqual([ADA, EVE])
    world.guest = async () => 0
    await look()
    expect(world.record.visitors).toEqual([EVE])
    expect(world.warnings).toEqual(['visits not ended'])
  })

  it('is asked for one at a time, and not of a machine that is paused', async () => {
    const { world, look } = await endAda()
    const slow = Promise.withResolvers<number>()
    world.guest = () => slow.promise
    await look()
    await look()
    expect(world.told).toHaveLength(2)
    slow.resolve(1)
    await new Promise(setImmediate)
    world.record.isPaused = true
    await look()
    expect(world.told).toHaveLength(2)
  })

  it('stays, and they are told of, in a guest of an older version', async () => {
    const { world, look } = await endAda()
    world.guest = async () => {
      throw new VesselError('NOT_FOUND')
    }
    world.nowMs = 31_000
    await look()
    expect(world.record.visitors).toEqual([EVE])
    expect(world.warnings).toEqual(['visits cannot be ended in a guest of this version'])
  })

  it('is left alone when they may come in again meanwhile', async () => {
    const { world, look, visitors } = await endAda()
    const slow = Promise.withResolvers<number>()
    world.guest = () => slow.promise
    world.nowMs = 31_000
    await look()
    world.ended.delete(ADA)
    await look()
    slow.resolve(0)
    await new Promise(setImmediate)
    expect(world.record.visitors).toEqual([ADA, EVE])
    await visitors.admit(SESSION, ADA)
  })
})
