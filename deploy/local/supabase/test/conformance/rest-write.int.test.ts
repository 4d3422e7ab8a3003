import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createProject, openTarget, type Target, type TestUser } from './target.ts'

let target: Target
let owner: TestUser
beforeAll(async () => {
  target = await openTarget()
  owner = await target.user()
}, 60_000)
afterAll(() => target?.stop())

const row = (name: string) => ({
  id: randomUUID(),
  user_id: owner.id,
  name,
  slug: `t${randomUUID().replaceAll('-', '').slice(0, 20)}`,
  template_type: 'blank',
})
const projects = () => target.admin().from('projects')

describe('insert', () => {
  it('answers nothing when nothing is asked for, and the row when it is', async () => {
    const minimal = await projects().insert(row('minimal'))
    expect([minimal.status, minimal.data, minimal.error]).toEqual([201, null, null])
    const { data } = await projects().insert(row('full')).select('name,cpu_count').single()
    expect(data).toEqual({ name: 'full', cpu_count: 2 })
  })

  it('takes many rows with different keys at once', async () => {
    const rows = [{ ...row('bulk-1'), ignore_patterns: ['*.log'] }, row('bulk-2')]
    // A key that only some rows have is null in the others, which a NOT NULL column refuses.
    const refused = await projects().insert(rows)
    expect(refused.error?.code).toBe('23502')
    const { data } = await projects()
      .insert(rows.map((one) => ({ ...one, ignore_patterns: ['*.log', 'tmp/'] })))
      .select('ignore_patterns')
    expect(data).toEqual([
      { ignore_patterns: ['*.log', 'tmp/'] },
      { ignore_patterns: ['*.log', 'tmp/'] },
    ])
  })

  it('answers violations with 409 for duplicates and strangers, 400 for checks', async () => {
    const existing = row('dup')
    await projects().insert(existing)
    const duplicate = await projects().insert({ ...row('other'), id: existing.id })
    expect([duplicate.status, duplicate.error?.code]).toEqual([409, '23505'])
    const stranger = await projects().insert({ ...row('stranger'), user_id: randomUUID() })
    expect([stranger.status, stranger.error?.code]).toEqual([409, '23503'])
    const check = await projects().insert({ ...row('check'), cpu_count: 99 })
    expect([check.status, check.error?.code]).toEqual([400, '23514'])
  })

  it('refuses a column that is not there', async () => {
    const { error, status } = await projects().insert({ ...row('x'), nope: 1 })
    expect([status, error?.code]).toEqual([400, 'PGRST204'])
  })
})

describe('upsert', () => {
  it('merges over the row that is there, by primary key or by the columns named', async () => {
    const existing = row('before')
    await projects().insert(existing)
    const merged = await projects()
      .upsert({ ...existing, name: 'after' })
      .select('name')
      .single()
    expect(merged.data).toEqual({ name: 'after' })
    const bySlug = await projects()
      .upsert({ ...existing, name: 'by slug' }, { onConflict: 'slug' })
      .select('id,name')
      .single()
    expect(bySlug.data).toEqual({ id: existing.id, name: 'by slug' })
  })

  it('ignores duplicates when asked to', async () => {
    const existing = row('kept')
    await projects().insert(existing)
    const { data } = await projects()
      .upsert({ ...existing, name: 'changed' }, { ignoreDuplicates: true })
      .select('name')
    expect(data).toEqual([])
    const after = await projects().select('name').eq('id', existing.id).single()
    expect(after.data).toEqual({ name: 'kept' })
  })
})

describe('update and delete', () => {
  it('changes what matches and answers it', async () => {
    const { id } = await createProject(target, owner.id, 'to change')
    const { data } = await projects()
      .update({ name: 'changed', environment: { A: '1' } })
      .eq('id', id)
      .select('name,environment,archives(bytes)')
      .single()
    expect(data).toEqual({ name: 'changed', environment: { A: '1' }, archives: [{ bytes: 100 }] })
    const none = await projects().update({ name: 'x' }).eq('id', randomUUID()).select('id')
    expect(none.data).toEqual([])
  })

  it('undoes a change when single does not find exactly one row', async () => {
    const first = await createProject(target, owner.id, 'pair 1')
    const second = await createProject(target, owner.id, 'pair 2')
    const { error } = await projects()
      .update({ cpu_count: 8 })
      .in('id', [first.id, second.id])
      .select('id')
      .single()
    expect(error?.code).toBe('PGRST116')
    const after = await projects().select('cpu_count').in('id', [first.id, second.id])
    expect(after.data).toEqual([{ cpu_count: 4 }, { cpu_count: 4 }])
  })

  it('deletes what matches and counts it', async () => {
    const { id } = await createProject(target, owner.id, 'to delete')
    const { count, status } = await projects().delete({ count: 'exact' }).eq('id', id)
    expect([count, status]).toEqual([1, 204])
    const archives = await target.admin().from('archives').select('id').eq('project_id', id)
    expect(archives.data).toEqual([])
  })

  it('refuses a change of every row', async () => {
    const response = await fetch(`${target.url}/rest/v1/projects`, {
      method: 'DELETE',
      headers: { apikey: target.serviceRoleKey, authorization: `Bearer ${target.serviceRoleKey}` },
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ code: '21000' })
  })
})
