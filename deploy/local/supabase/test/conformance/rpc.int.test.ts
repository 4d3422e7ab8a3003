import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createProject, openTarget, requestSession, type Target, type TestUser } from './target.ts'

let target: Target
let owner: TestUser
beforeAll(async () => {
  target = await openTarget()
  owner = await target.user()
}, 60_000)
afterAll(() => target?.stop())

describe('function calls', () => {
  it('answers a scalar, void, rows of a table and rows of its own', async () => {
    const { id } = await createProject(target, owner.id)
    const admin = target.admin()
    const scalar = await admin.rpc('lease_release', { p_session: randomUUID(), p_epoch: 1 })
    expect([scalar.status, scalar.data]).toEqual([200, false])

    const session = await requestSession(target, id, owner.id)
    const nothing = await admin.rpc('session_wake', { p_session: session.id })
    expect([nothing.status, nothing.data, nothing.error]).toEqual([204, null, null])

    const claimed = await admin.rpc('session_claim', {
      ...{ p_session: session.id, p_driver: 'test', p_ms: 1_000 },
    })
    expect(claimed.data).toEqual([expect.objectContaining({ id: session.id, driver: 'test' })])

    const leases = await admin.rpc('lease_renew', {
      ...{ p_host: 'h1', p_sessions: [{ session: session.id, epoch: 1 }], p_lease_ms: 1_000 },
    })
    expect(leases.data).toEqual([{ session: session.id, is_held: false }])
  })

  it('filters, selects and embeds on returned rows', async () => {
    const { id } = await createProject(target, owner.id)
    const session = await requestSession(target, id, owner.id)
    const { data } = await target
      .admin()
      .rpc('session_touch', { p_session: session.id, p_activity_at: new Date().toISOString() })
      .select('id,projects(cpu_count)')
      .eq('status', 'requested')
      .single()
    expect(data).toEqual({ id: session.id, projects: { cpu_count: 4 } })
  })

  it('calls a stable function by GET, and refuses a volatile one that writes', async () => {
    const admin = target.admin()
    const position = await admin.rpc(
      'session_queue_position',
      { p_session: randomUUID() },
      { get: true },
    )
    expect(position.data).toBe(0)
    const { id } = await createProject(target, owner.id)
    const session = await requestSession(target, id, owner.id)
    const writes = await admin.rpc('session_wake', { p_session: session.id }, { get: true })
    expect([writes.status, writes.error?.code]).toEqual([405, '25006'])
  })

  it('turns a raised PTnnn into HTTP status nnn with its message', async () => {
    const { error, status } = await target.admin().rpc('session_request', {
      ...{ p_session: randomUUID(), p_project: randomUUID(), p_user: owner.id },
      ...{ p_sessions_max: 1, p_memory_mib_max: 1, p_deadline_ms: 1 },
    })
    expect([status, error?.code, error?.message]).toEqual([404, 'PT404', 'PROJECT_NOT_FOUND'])
  })

  it('undoes everything a function did before it failed', async () => {
    const { id } = await createProject(target, owner.id)
    const again = await target.admin().rpc('project_create', {
      ...{ p_id: randomUUID(), p_user: owner.id, p_name: 'second', p_slug: `s${Date.now()}` },
      ...{ p_template: 'blank', p_settings: {}, p_path: `${owner.id}/${id}/1-1-00000000.zip` },
      ...{ p_sha256: 'a'.repeat(64), p_bytes: 1, p_entries: 1, p_unpacked_bytes: 1 },
    })
    expect(again.error?.code).toBe('23505')
    const rows = await target.admin().from('projects').select('id').eq('name', 'second')
    expect(rows.data).toEqual([])
  })

  it('answers an unknown function or argument with PGRST202', async () => {
    const admin = target.admin()
    const unknown = await admin.rpc('no_such_function')
    expect([unknown.status, unknown.error?.code]).toEqual([404, 'PGRST202'])
    const argument = await admin.rpc('session_wake', { nope: 1 })
    expect([argument.status, argument.error?.code]).toEqual([404, 'PGRST202'])
  })

  it('lets no one but the service role call what only the API may', async () => {
    for (const client of [target.anon(), owner.client]) {
      const { error } = await client.rpc('lease_release', { p_session: randomUUID(), p_epoch: 1 })
      expect(error?.code).toBe('42501')
    }
  })
})
