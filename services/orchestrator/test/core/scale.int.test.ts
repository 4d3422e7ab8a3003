import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { Redis } from 'ioredis'
import { addCrowd, projectsOf } from './support/crowd.ts'
import { boot, bootReady, untilState } from './support/steps.ts'
import { type Owner, World } from './support/world.ts'

const CROWD = { projects: 10_000, live: 1_000 }
const TABLES = ['projects', 'sessions', 'archives'] as const

let world: World
beforeAll(async () => {
  world = await World.create()
}, 60_000)
afterEach(() => world.reset())
afterAll(() => world.destroy())

async function scans(): Promise<Record<string, number>> {
  await world.supabase.sql('select pg_stat_force_next_flush()')
  const rows = await world.supabase.sql<{ relname: string; seq_scan: number }>(
    "select relname, seq_scan from pg_stat_user_tables where schemaname = 'public'",
  )
  return Object.fromEntries(rows.map(({ relname, seq_scan }) => [relname, Number(seq_scan)]))
}

describe('with ten thousand projects and a thousand live sessions', () => {
  it('no page, boot or stop reads a whole table, and no key of the cache is searched for', async () => {
    const core = await world.core()
    const host = await world.host('a1')
    const owner: Owner = await world.owner()
    const reader = projectsOf(world)
    await addCrowd(world, CROWD)
    const before = await scans()

    const { session } = await bootReady(core, host, owner)
    const page = { limit: 50, cursor: undefined }
    await reader.list({ userId: owner.userId, search: undefined, isDeleted: false, page })
    await reader.get(owner)
    await reader.versions(owner)
    await core.sessions.latest(owner.userId, owner.projectId)
    await core.sessions.list(owner.userId, page)
    await core.sessions.heartbeat({ ...owner, keepAwakeMs: undefined })
    await boot(core, owner)
    const { epoch } = session
    await host.ask('renew-lease', { sessions: [{ session: session.id, epoch }] })
    await core.sessions.shutdown({ ...owner, isDiscard: true })
    await host.end(session.id)
    await untilState(core, session.id, 'stopped')

    const after = await scans()
    for (const table of TABLES) expect([table, after[table]]).toEqual([table, before[table]])
    const redis = new Redis(world.redisUrl)
    const stats = await redis.info('commandstats')
    redis.disconnect()
    expect(stats).toMatch(/cmdstat_/)
    expect(stats).not.toMatch(/cmdstat_(keys|scan)\b/)
  }, 120_000)
})
