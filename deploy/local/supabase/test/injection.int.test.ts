import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { type LocalSupabase, startSupabase } from '../src/start.ts'

const SCHEMA = `
create table public.notes (id int primary key, body text, tags text[] default '{}',
  data jsonb default '{}', "odd ""name" text);
create table public.secrets (id int primary key, note_id int references public.notes, word text);
insert into public.notes (id, body, "odd ""name") values (1, 'one', 'x'), (2, 'it''s "two"', 'y');
insert into public.secrets values (1, 1, 'hidden');
revoke all on public.secrets from anon, authenticated;
create function public.echo(value text) returns text language sql stable as 'select value';
`

let supabase: LocalSupabase
let anon: SupabaseClient
beforeAll(async () => {
  supabase = await startSupabase({ migrationsDir: null })
  await supabase.script(SCHEMA)
  anon = createClient(supabase.url, supabase.anonKey, {
    auth: { persistSession: false, autoRefreshToken: false },
  })
}, 60_000)
afterAll(() => supabase?.stop())

const ATTACKS = [
  `1' or '1'='1`,
  `1; drop table notes; --`,
  `1) union select word from secrets --`,
  `$1`,
  `\\'; select pg_sleep(10); --`,
  `'||(select word from secrets)||'`,
  `"; drop table notes; --`,
  `*/ or 1=1 /*`,
  `null) or (true`,
  `%27%20or%201=1`,
  `{"a": "b'); drop table notes; --"}`,
  `\u0027 or 1=1`,
  `eq.1,body.neq.x`,
]

async function get(pathAndQuery: string): Promise<{ status: number; text: string }> {
  const response = await fetch(`${supabase.url}/rest/v1/${pathAndQuery}`, {
    headers: { apikey: supabase.anonKey },
  })
  return { status: response.status, text: await response.text() }
}

async function expectUnharmed(): Promise<void> {
  const rows = await supabase.sql<{ n: number }>('select count(*)::int as n from public.notes')
  expect(rows[0]?.n).toBe(2)
}

describe('text that wants to be SQL', () => {
  it.each(ATTACKS)(
    'stays a value as a filter, a body, an argument and a list: %s',
    async (text) => {
      const query = encodeURIComponent(text)
      expect(JSON.parse((await get(`notes?select=id&body=eq.${query}`)).text)).toEqual([])
      const { data } = await anon.rpc('echo', { value: text })
      expect(data).toBe(text)
      const listed = await anon
        .from('notes')
        .select('id')
        .in('body', [text.replaceAll('"', ''), 'q'])
      expect(listed.data ?? []).toEqual([])
      const inserted = await anon
        .from('notes')
        .upsert({ id: 2, body: text })
        .select('body')
        .single()
      expect(inserted.data?.body).toBe(text)
      await expectUnharmed()
    },
  )

  it.each(ATTACKS)('is no column, table, function, order, cast or embed: %s', async (text) => {
    const name = encodeURIComponent(text)
    const quoted = encodeURIComponent(`"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`)
    const attempts = [name, quoted].flatMap((one) => [
      `notes?select=${one}`,
      `notes?select=id,x:${one}`,
      `notes?select=id::${one}`,
      `notes?select=id,${one}(word)`,
      `notes?order=${one}`,
      `notes?order=id.${one}`,
      `notes?${one}=eq.1`,
      `notes?id=${one}.1`,
      `notes?id=is.${one}`,
      `notes?limit=${one}`,
      `notes?offset=${one}`,
      `notes?or=(${one})`,
      `notes?or=(id.eq.1,${one}.eq.1)`,
      `notes?data-%3E${one}=eq.1)`,
      `${one}?select=id`,
      `rpc/${one}`,
    ])
    for (const attempt of attempts) {
      const { status, text: body } = await get(attempt)
      expect(body).not.toContain('hidden')
      // A path into JSON may be named anything; it finds nothing.
      if (status === 200) expect([attempt, body]).toEqual([attempt, '[]'])
      else expect([attempt, status < 500 || status === 501]).toEqual([attempt, true])
      // A syntax error of Postgres would mean that text has become SQL.
      expect(body).not.toContain('"42601"')
    }
    await expectUnharmed()
  })

  it.each(ATTACKS)('is no column of a write and no conflict target: %s', async (text) => {
    for (const method of ['POST', 'PATCH']) {
      const response = await fetch(`${supabase.url}/rest/v1/notes?id=eq.99`, {
        method,
        headers: { apikey: supabase.anonKey, 'content-type': 'application/json' },
        body: JSON.stringify({ id: 99, [text]: 'x' }),
      })
      expect(await response.json()).toMatchObject({ code: expect.stringMatching(/^PGRST/) })
    }
    const target = encodeURIComponent(`"${text.replaceAll('"', '')}"`)
    const response = await fetch(`${supabase.url}/rest/v1/notes?on_conflict=${target}`, {
      method: 'POST',
      headers: { apikey: supabase.anonKey, prefer: 'resolution=merge-duplicates' },
      body: JSON.stringify({ id: 99 }),
    })
    expect([400, 404]).toContain(response.status)
    await expectUnharmed()
  })

  it('lets a table be named by its odd name and nothing behind it', async () => {
    const { data } = await anon.from('notes').select('id').eq('"odd \\"name"', 'x')
    expect(data).toEqual([{ id: 1 }])
  })
})

describe('what lies beyond the schema', () => {
  it.each([
    'pg_catalog.pg_authid',
    'pg_authid',
    'users',
    'auth.users',
    'objects',
    'information_schema.tables',
  ])('is not reachable as a table: %s', async (name) => {
    const { status } = await get(`${encodeURIComponent(name)}?select=*`)
    expect(status).toBe(404)
  })

  it.each(['pg_sleep', 'set_config', 'pg_read_file', 'current_setting', 'jwt'])(
    'is not reachable as a function: %s',
    async (name) => {
      expect((await get(`rpc/${name}`)).status).toBe(404)
    },
  )

  it('is not reachable by an embed without rights', async () => {
    const { status, text } = await get('notes?select=id,secrets(word)')
    expect([status, text.includes('hidden')]).toEqual([401, false])
  })

  it('is refused as another schema', async () => {
    const response = await fetch(`${supabase.url}/rest/v1/users`, {
      headers: { apikey: supabase.anonKey, 'accept-profile': 'auth' },
    })
    expect(response.status).toBe(406)
  })
})

describe('claims', () => {
  it('never outlive their request', async () => {
    const { data } = await anon.from('notes').select('id').eq('id', 1)
    expect(data).toHaveLength(1)
    const rows = await supabase.sql(
      `select current_user::text as who, current_setting('request.jwt.claims', true) as claims`,
    )
    expect(rows).toEqual([{ who: 'postgres', claims: '' }])
  })
})
