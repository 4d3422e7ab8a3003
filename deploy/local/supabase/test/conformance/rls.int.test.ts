import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  createProject,
  openTarget,
  requestSession,
  type Target,
  type TestProject,
  type TestUser,
} from './target.ts'

let target: Target
let alice: TestUser
let bob: TestUser
let project: TestProject
beforeAll(async () => {
  target = await openTarget()
  alice = await target.user()
  bob = await target.user()
  project = await createProject(target, alice.id)
  await requestSession(target, project.id, alice.id)
}, 60_000)
afterAll(() => target?.stop())

const TABLES = ['projects', 'sessions', 'archives'] as const

describe('who reads whose rows', () => {
  it.each(TABLES)('shows a person their own %s and nobody else the same', async (table) => {
    const own = await alice.client.from(table).select('id,user_id')
    expect(own.data).toEqual([{ id: expect.any(String), user_id: alice.id }])
    const foreign = await bob.client.from(table).select('id')
    expect([foreign.data, foreign.error]).toEqual([[], null])
    const byId = await bob.client.from(table).select('id').eq('user_id', alice.id)
    expect(byId.data).toEqual([])
  })

  it.each(TABLES)('refuses anon and broken tokens on %s', async (table) => {
    const anon = await target.anon().from(table).select('id')
    expect([anon.status, anon.error?.code]).toEqual([401, '42501'])
    const broken = await fetch(`${target.url}/rest/v1/${table}?select=id`, {
      headers: { apikey: target.anonKey, authorization: 'Bearer a.b.c' },
    })
    expect(broken.status).toBe(401)
    const noKey = await fetch(`${target.url}/rest/v1/${table}?select=id`)
    expect(noKey.status).toBe(401)
  })

  it('hides the foreign rows from embeds and counts as well', async () => {
    const counted = await bob.client.from('projects').select('id', { count: 'exact', head: true })
    expect(counted.count).toBe(0)
    const embedded = await alice.client.from('projects').select('id,sessions(id,user_id)')
    expect(embedded.data?.[0]?.sessions).toEqual([{ id: expect.any(String), user_id: alice.id }])
  })

  it('keeps hosts and addresses from the owner, too', async () => {
    for (const [table, column] of [
      ['projects', 'lease_host'],
      ['sessions', 'host_id'],
      ['sessions', 'ip_address'],
      ['archives', 'path'],
    ] as const) {
      const { error, status } = await alice.client.from(table).select(column)
      expect([table, column, status, error?.code]).toEqual([table, column, 403, '42501'])
    }
    // A hidden column cannot be probed by a filter or an order either.
    const filtered = await alice.client.from('sessions').select('id').eq('host_id', 'x')
    expect(filtered.error?.code).toBe('42501')
    const ordered = await alice.client.from('sessions').select('id').order('host_id')
    expect(ordered.error?.code).toBe('42501')
  })
})

describe('who writes', () => {
  it('lets nobody write a row directly, not even their own', async () => {
    for (const client of [alice.client, bob.client, target.anon()]) {
      const insert = await client.from('projects').insert({
        ...{ user_id: alice.id, name: 'x', slug: `s${randomUUID().slice(0, 8)}` },
        template_type: 'blank',
      })
      expect(insert.error?.code).toBe('42501')
      const update = await client.from('projects').update({ name: 'stolen' }).eq('id', project.id)
      expect(update.error?.code).toBe('42501')
      const remove = await client.from('projects').delete().eq('id', project.id)
      expect(remove.error?.code).toBe('42501')
    }
    const after = await target.admin().from('projects').select('name').eq('id', project.id).single()
    expect(after.data).toEqual({ name: project.name })
  })

  it('does not let a token choose its role', async () => {
    const [head, body] = (await alice.client.auth.getSession()).data.session?.access_token.split(
      '.',
    ) ?? ['', '']
    const claims = JSON.parse(Buffer.from(body ?? '', 'base64url').toString()) as object
    const forged = Buffer.from(JSON.stringify({ ...claims, role: 'service_role' })).toString(
      'base64url',
    )
    const unsigned = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url')
    for (const token of [`${head}.${forged}.AAAA`, `${unsigned}.${forged}.`]) {
      const response = await fetch(`${target.url}/rest/v1/projects?select=id`, {
        headers: { apikey: target.anonKey, authorization: `Bearer ${token}` },
      })
      expect(response.status).toBe(401)
    }
  })
})
