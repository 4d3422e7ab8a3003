import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { ARCHIVE_BUCKET, archivePath } from '@vessel/proto/archive'
import { pino } from 'pino'
import { sweepArchives } from '../../src/chores/sweep-archives.ts'
import { createRetention } from '../../src/store/retention.ts'
import { type Owner, World } from './support/world.ts'

let world: World
beforeAll(async () => {
  world = await World.create()
}, 60_000)
afterEach(() => world.reset())
afterAll(() => world.destroy())

const DAY_MS = 86_400_000
const log = pino({ level: 'silent' })

function sweep(patch: object = {}): Promise<void> {
  const rules = { headsKept: 5, pendingMs: DAY_MS, undeleteMs: 7 * DAY_MS, graceMs: 0, ...patch }
  return sweepArchives(createRetention(world.db, rules), log)
}

/** An archive with its object, as a save leaves it behind. */
async function addArchive(owner: Owner, epoch: number, status: string): Promise<string> {
  const sha256 = epoch.toString(16).padStart(64, '0')
  const path = archivePath({ ...owner, epoch, seq: 1, sha256, format: 'zip' })
  await world.db.storage.from(ARCHIVE_BUCKET).upload(path, Buffer.from('files'))
  await world.supabase.sql(
    `insert into archives (project_id, user_id, epoch, seq, path, sha256, bytes, format, status)
     values ($1, $2, $3, 1, $4, $5, 5, 'zip', $6)`,
    [owner.projectId, owner.userId, epoch, path, sha256, status],
  )
  return path
}

async function isStored(path: string): Promise<boolean> {
  const { data } = await world.db.storage.from(ARCHIVE_BUCKET).info(path)
  return data !== null
}

const statuses = async (owner: Owner): Promise<string[]> => {
  const rows = await world.supabase.sql<{ status: string }>(
    'select status from archives where project_id = $1 order by epoch',
    [owner.projectId],
  )
  return rows.map(({ status }) => status)
}

describe('what is kept', () => {
  it('is the head, the four heads before it, and every recovery version', async () => {
    const owner = await world.owner()
    const paths = []
    for (let epoch = 2; epoch <= 8; epoch += 1)
      paths.push(await addArchive(owner, epoch, 'earlier'))
    const rescued = await addArchive(owner, 9, 'recovery')
    await sweep()
    expect(await statuses(owner)).toEqual(['head', ...Array(4).fill('earlier'), 'recovery'])
    expect(await Promise.all(paths.map(isStored))).toEqual([
      ...Array(3).fill(false),
      ...Array(4).fill(true),
    ])
    expect(await isStored(rescued)).toBe(true)
  })

  it('is everything until the grace is over', async () => {
    const owner = await world.owner()
    const path = await addArchive(owner, 2, 'pending')
    await world.supabase.sql(
      "update archives set created_at = now() - interval '2 days' where path = $1",
      [path],
    )
    await sweep({ graceMs: DAY_MS })
    expect(await statuses(owner)).toEqual(['head', 'doomed'])
    expect(await isStored(path)).toBe(true)
    await sweep()
    expect(await statuses(owner)).toEqual(['head'])
    expect(await isStored(path)).toBe(false)
  })

  it('is an upload that is just under way', async () => {
    const owner = await world.owner()
    await addArchive(owner, 2, 'pending')
    await sweep()
    expect(await statuses(owner)).toEqual(['head', 'pending'])
  })

  it('is a deleted project until it cannot be brought back any more, and then nothing', async () => {
    const owner = await world.owner()
    const [head] = await world.supabase.sql<{ head_path: string }>(
      "update projects set deleted_at = now() - interval '8 days' where id = $1 returning head_path",
      [owner.projectId],
    )
    await sweep({ undeleteMs: 9 * DAY_MS })
    expect(await isStored(head?.head_path ?? '')).toBe(true)
    await sweep()
    expect(await isStored(head?.head_path ?? '')).toBe(false)
    const left = await world.supabase.sql('select id from projects where id = $1', [
      owner.projectId,
    ])
    expect(left).toEqual([])
  })
})

describe('an archive that is on its way out', () => {
  it('cannot become the head or be restored any more', async () => {
    const owner = await world.owner()
    const path = await addArchive(owner, 2, 'doomed')
    const [row] = await world.supabase.sql<{ id: string }>(
      'select id from archives where path = $1',
      [path],
    )
    const restored = await world.db.rpc('head_restore', {
      p_project: owner.projectId,
      p_user: owner.userId,
      p_archive: row?.id,
    })
    expect(restored.error?.message).toBe('VERSION_NOT_FOUND')
  })
})

describe('the audit', () => {
  it('tells an owner every change of state, and nobody can rewrite it', async () => {
    const core = await world.core()
    const owner = await world.owner()
    const { id } = await core.sessions.boot({
      ...owner,
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    })
    const told = await world.supabase.sql<{ action: string }>(
      'select action from audit where session_id = $1 order by id',
      [id],
    )
    expect(told[0]?.action).toBe('session.requested')
    const claims = { sub: owner.userId, role: 'authenticated' }
    const stranger = { sub: id, role: 'authenticated' }
    const as = (who: object) =>
      world.supabase.sql('select action from audit where project_id = $1', [owner.projectId], {
        role: 'authenticated',
        claims: who as never,
      })
    expect((await as(claims)).length).toBeGreaterThan(1)
    expect(await as(stranger)).toEqual([])
    await expect(world.supabase.sql('update audit set action = $1', ['nothing'])).rejects.toThrow(
      /append-only/,
    )
    await expect(world.supabase.sql('delete from audit')).rejects.toThrow(/append-only/)
  })
})
