import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createClient } from '@supabase/supabase-js'
import { type LocalSupabase, startSupabase } from '../src/start.ts'

const SCHEMA = `
create table public.counters (id int primary key, n int not null default 0);
insert into public.counters values (1);
create function public.endless() returns bigint language sql as
  'select count(*) from generate_series(1, 1000000000000)';
create function public.bump() returns void language sql as
  'update public.counters set n = n + 1 where id = 1';
`

/** No honest statement takes so long, also where ten programs want the processor. */
const STATEMENT_TIMEOUT_MS = 4_000

let supabase: LocalSupabase
beforeAll(async () => {
  supabase = await startSupabase({
    migrationsDir: null,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
  })
  await supabase.script(SCHEMA)
}, 60_000)
afterAll(() => supabase?.stop())

const client = (key: string) =>
  createClient(supabase.url, key, { auth: { persistSession: false, autoRefreshToken: false } })

describe('the database', () => {
  it('ends an endless statement, answers meanwhile, and keeps what was committed', async () => {
    const anon = client(supabase.anonKey)
    await anon.rpc('bump')
    const endless = anon.rpc('endless')
    const health = await fetch(`${supabase.url}/healthz`)
    expect(health.status).toBe(200)
    const waiting = client(supabase.serviceRoleKey).from('counters').select('n').single()
    expect(await endless).toMatchObject({ status: 500, error: { code: '57014' } })
    // Whoever waited behind it is served by the restarted engine.
    expect((await waiting).data).toEqual({ n: 1 })
  }, 30_000)

  it('applies each of many concurrent changes exactly once', async () => {
    await client(supabase.serviceRoleKey).from('counters').update({ n: 0 }).eq('id', 1)
    const anon = client(supabase.anonKey)
    const results = await Promise.all(Array.from({ length: 200 }, () => anon.rpc('bump')))
    expect(results.filter(({ error }) => error !== null)).toEqual([])
    const { data } = await anon.from('counters').select('n').single()
    expect(data).toEqual({ n: 200 })
  }, 30_000)
})
