import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Role } from '../src/db/database.ts'
import { type LocalSupabase, startSupabase } from '../src/start.ts'

/** Row-level security of the real tables, asked in SQL as each role, without any API in between. */
let supabase: LocalSupabase
const alice = randomUUID()
const bob = randomUUID()
const project = randomUUID()

beforeAll(async () => {
  supabase = await startSupabase()
  for (const id of [alice, bob]) {
    await supabase.sql('insert into auth.users (id, email) values ($1::text::uuid, $2)', [
      id,
      `${id}@vessel.example`,
    ])
  }
  await supabase.sql(
    `select public.project_create($1::text::uuid, $2::text::uuid, 'p', 'p-one', 'blank', '{}',
       $3, repeat('a', 64), 10, 1, 10)`,
    [project, alice, `${alice}/${project}/1-1-aaaaaaaa.zip`],
  )
  await supabase.sql(
    `select public.session_request(gen_random_uuid(), $1::text::uuid, $2::text::uuid, 9, 99999, 9)`,
    [project, alice],
  )
  await supabase.sql(
    `insert into storage.objects (bucket_id, name, version)
     values ('user-projects', $1, 'v1')`,
    [`${alice}/${project}/1-1-aaaaaaaa.zip`],
  )
}, 60_000)
afterAll(() => supabase?.stop())

function as(role: Role, sub?: string) {
  return (sql: string) =>
    supabase.sql(sql, [], { role, claims: sub === undefined ? {} : { sub, role } })
}

const TABLES = ['projects', 'sessions', 'archives']
const FORBIDDEN = expect.objectContaining({ code: '42501' })

async function expectForbidden(run: Promise<unknown>): Promise<void> {
  await expect(run).rejects.toEqual(FORBIDDEN)
}

describe.each(TABLES)('public.%s', (table) => {
  const read = `select id::text from public.${table}`

  it('has row-level security switched on', async () => {
    const rows = await supabase.sql(
      `select relrowsecurity as is_on from pg_class where oid = $1::text::regclass`,
      [`public.${table}`],
    )
    expect(rows).toEqual([{ is_on: true }])
  })

  it('shows its rows to their owner and to the service role, and to no one else', async () => {
    expect(await as('authenticated', alice)(read)).toHaveLength(1)
    expect(await as('authenticated', bob)(read)).toEqual([])
    expect(await as('authenticated')(read)).toEqual([])
    expect(await as('service_role')(read)).toHaveLength(1)
    await expectForbidden(as('anon')(read))
    await expectForbidden(as('anon', alice)(read))
  })

  it('lets no person insert, update, delete or truncate', async () => {
    for (const role of [as('anon'), as('authenticated', alice), as('authenticated', bob)]) {
      await expectForbidden(role(`insert into public.${table} default values`))
      await expectForbidden(role(`update public.${table} set id = id`))
      await expectForbidden(role(`delete from public.${table}`))
      await expectForbidden(role(`truncate public.${table} cascade`))
    }
    expect(await as('service_role')(read)).toHaveLength(1)
  })
})

describe('columns', () => {
  it.each([
    ['projects', 'lease_host'],
    ['projects', 'lease_session'],
    ['projects', 'lease_until'],
    ['projects', 'head_path'],
    ['sessions', 'host_id'],
    ['sessions', 'ip_address'],
    ['sessions', 'driver'],
    ['sessions', 'traceparent'],
    ['archives', 'path'],
  ])('of %s, %s is for the service only', async (table, column) => {
    await expectForbidden(as('authenticated', alice)(`select ${column} from public.${table}`))
    expect(await as('service_role')(`select ${column} from public.${table}`)).toHaveLength(1)
  })
})

describe('functions', () => {
  it('that change anything can be called by the service role only', async () => {
    const functions = await supabase.sql<{ name: string; args: number }>(
      `select p.proname as name, p.pronargs::int as args from pg_proc p
       join pg_namespace n on n.oid = p.pronamespace
       where n.nspname = 'public' and p.prosecdef`,
    )
    expect(functions.length).toBeGreaterThan(10)
    for (const role of ['anon', 'authenticated', 'service_role'] as const) {
      const rows = await supabase.sql<{ name: string; may: boolean }>(
        `select p.proname as name, has_function_privilege($1, p.oid, 'execute') as may
         from pg_proc p join pg_namespace n on n.oid = p.pronamespace
         where n.nspname = 'public' and p.prosecdef`,
        [role],
      )
      const wrong = rows.filter(({ may }) => may !== (role === 'service_role'))
      expect([role, wrong]).toEqual([role, []])
    }
  })
})

describe('other schemas', () => {
  it.each(['auth.users', 'auth.sessions', 'auth.refresh_tokens', 'vessel_local.migrations'])(
    'keep %s from everyone',
    async (table) => {
      for (const role of ['anon', 'authenticated', 'service_role'] as const) {
        await expectForbidden(as(role, alice)(`select * from ${table}`))
      }
    },
  )

  it('show objects to the owner of their first folder', async () => {
    const read = 'select name from storage.objects'
    expect(await as('authenticated', alice)(read)).toHaveLength(1)
    expect(await as('authenticated', bob)(read)).toEqual([])
    expect(await as('anon')(read)).toEqual([])
    expect(await as('service_role')(read)).toHaveLength(1)
    await expectForbidden(
      as(
        'authenticated',
        alice,
      )(`insert into storage.objects (bucket_id, name) values ('user-projects', '${alice}/x')`),
    )
  })
})
