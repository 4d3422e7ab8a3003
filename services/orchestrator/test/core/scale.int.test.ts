import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { createProjects } from '../../src/projects/projects.ts'
import { boot, bootReady, untilState } from './support/steps.ts'
import { type Owner, World } from './support/world.ts'

const USERS = 20
const PROJECTS_PER_USER = 500
const LIVE = 1_000
const TABLES = ['projects', 'sessions', 'archives'] as const

let world: World
beforeAll(async () => {
  world = await World.create()
}, 60_000)
afterEach(() => world.reset())
afterAll(() => world.destroy())

/** Other people's projects and runs; no pass of a reconciler is due for them. */
async function crowd(): Promise<void> {
  for (let index = 0; index < USERS; index += 1) {
    const { userId } = await world.owner()
    await world.supabase.script(`
      insert into projects (user_id, name, slug, template_type)
      select '${userId}', 'crowd ' || n, 'crowd' || ${index} || '-' || n, 'blank'
      from generate_series(1, ${PROJECTS_PER_USER}) n;
      insert into archives (project_id, user_id, epoch, seq, path, sha256, bytes, format, status,
        committed_at)
      select id, user_id, 1, 1, 'crowd/' || id, repeat('a', 64), 3, 'zip', 'head', now()
      from projects where user_id = '${userId}' and name like 'crowd%';
      insert into sessions (project_id, user_id, status, epoch, host_id, boot_id, ready_at,
        cpu_count, memory_mib, disk_mib, wake_at)
      select id, user_id, 'ready', 1, 'far', gen_random_uuid(), now(), 1, 256, 256,
        now() + interval '1 day'
      from projects where user_id = '${userId}' and name like 'crowd%'
      limit ${LIVE / USERS};`)
  }
  await world.supabase.script('analyze')
}

async function scans(): Promise<Record<string, number>> {
  await world.supabase.sql('select pg_stat_force_next_flush()')
  const rows = await world.supabase.sql<{ relname: string; seq_scan: number }>(
    "select relname, seq_scan from pg_stat_user_tables where schemaname = 'public'",
  )
  return Object.fromEntries(rows.map(({ relname, seq_scan }) => [relname, Number(seq_scan)]))
}

const projects = () =>
  createProjects({
    db: world.db,
    announcer: {
      session: () => undefined,
      project: () => undefined,
      projectRemoved: () => undefined,
    },
    templatesDir: '/nowhere',
    undeleteWithinMs: 60_000,
    settings: { workspaceBaseUrl: 'http://localhost:8080', idleStopMs: 1_800_000 },
    log: pino({ level: 'silent' }),
  })

describe('with ten thousand projects and a thousand live sessions', () => {
  it('no page, boot or stop reads a whole table, and no key of the cache is searched for', async () => {
    const core = await world.core()
    const host = await world.host('a1')
    const owner: Owner = await world.owner()
    const reader = projects()
    await crowd()
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
