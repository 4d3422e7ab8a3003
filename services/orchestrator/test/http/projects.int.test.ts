import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { TEMPLATES } from '@vessel/proto/http/project-view'
import { PROJECT_SLUG_PATTERN } from '@vessel/proto/ids'
import { DEFAULT_MACHINE } from '@vessel/proto/machine'
import { call, codeOf } from './support/call.ts'
import { type HttpStack, startHttp, TEMPLATES_DIR } from './support/http-stack.ts'
import { makeUser } from './support/users.ts'

const run = promisify(execFile)

let stack: HttpStack
beforeAll(async () => {
  stack = await startHttp()
}, 60_000)
afterAll(() => stack?.stop())

const ann = (line: string, body?: unknown) =>
  call(stack, line, { as: stack.ann, ...(body === undefined ? {} : { body }) })
const create = async (name: string, more: object = {}) =>
  (await ann('POST /api/projects', { name, ...more })).body

async function treeOf(folder: string): Promise<Record<string, string>> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = names.filter((entry) => entry.isFile())
  const pairs = files.map(async (entry) => {
    const path = join(entry.parentPath, entry.name)
    const isExecutable = ((await stat(path)).mode & 0o111) !== 0
    const content = await readFile(path, 'base64')
    return [path.slice(folder.length + 1), `${isExecutable ? 'x' : '-'} ${content}`]
  })
  return Object.fromEntries(await Promise.all(pairs))
}

describe('a project made from a template', () => {
  it.each(TEMPLATES)('holds exactly the files of %s, modes and hidden ones too', async (name) => {
    const project = await create(`from ${name}`, { template: name })
    const { body } = await ann(`GET /api/projects/${project.id}/download`)
    const response = await fetch(body.url)
    expect(response.headers.get('content-disposition')).toContain(`from-${name}.zip`)
    const folder = await mkdtemp(join(tmpdir(), 'vessel-test-'))
    try {
      const zip = join(folder, 'a.zip')
      await writeFile(zip, Buffer.from(await response.arrayBuffer()))
      await run('unzip', ['-q', zip, '-d', join(folder, 'out')])
      const tree = await treeOf(join(folder, 'out'))
      expect(tree).toEqual(await treeOf(join(TEMPLATES_DIR, name)))
      expect(project.head.entries).toBe(Object.keys(tree).length)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('has the same bytes each time', async () => {
    const ids = [(await create('same 1')).id, (await create('same 2')).id]
    const rows = await stack.supabase.sql<{ head_sha256: string }>(
      'select head_sha256 from public.projects where id = any($1)',
      [ids],
    )
    expect(new Set(rows.map((row) => row.head_sha256)).size).toBe(1)
  })

  it('has the settings given, and defaults for the others', async () => {
    const project = await create('with settings', {
      settings: { idleStopMs: 120_000, environment: { A: 'b' }, ignore: ['dist/'] },
    })
    expect(project.settings).toEqual({
      spec: DEFAULT_MACHINE,
      idleStopMs: 120_000,
      countRunningCommand: false,
      ignore: ['dist/'],
      environment: { A: 'b' },
    })
    expect(project).toMatchObject({ revision: 1, deletedAt: null, session: null })
  })

  it('gets an address of its own, made from its name', async () => {
    const { slug } = await create('Åsa’s  Shop 2 — the very long name of a shop in the old town')
    expect(slug).toMatch(PROJECT_SLUG_PATTERN)
    expect(slug).toMatch(/^asa-s-shop-2-the-very-long-name-[a-z0-9]{8}$/)
    expect(slug.length).toBeLessThanOrEqual(40)
  })

  it('is announced', async () => {
    const { id } = await create('to be announced')
    expect(stack.announced).toContain(`project ${id}`)
  })
})

describe('a name', () => {
  it('can be used once by a user, in any case of letters, and leaves nothing in storage', async () => {
    const make = () => ann('POST /api/projects', { name: 'Twice' })
    expect((await make()).status).toBe(201)
    const objects = () => stack.supabase.sql('select name from storage.objects')
    const before = await objects()
    expect(codeOf(await make())).toBe('NAME_TAKEN')
    expect(codeOf(await ann('POST /api/projects', { name: 'tWICE' }))).toBe('NAME_TAKEN')
    expect(await objects()).toEqual(before)
  })

  it('can be used by two users', async () => {
    await create('Shared name')
    const made = await call(stack, 'POST /api/projects', {
      as: stack.ben,
      body: { name: 'Shared name' },
    })
    expect(made.status).toBe(201)
  })

  it('goes to one of many who ask for it at the same time', async () => {
    const asked = Array.from({ length: 8 }, () => ann('POST /api/projects', { name: 'Race' }))
    const statuses = (await Promise.all(asked)).map(({ status }) => status)
    expect(statuses.sort()).toEqual([201, ...Array(7).fill(409)])
  })

  it('can be changed, but not to one that is taken', async () => {
    const { id } = await create('Old name')
    await create('Taken name')
    const renamed = await ann(`PATCH /api/projects/${id}`, { name: 'New name' })
    expect(renamed).toMatchObject({ status: 200, body: { name: 'New name', revision: 2 } })
    expect(codeOf(await ann(`PATCH /api/projects/${id}`, { name: 'taken NAME' }))).toBe(
      'NAME_TAKEN',
    )
  })
})

describe('settings', () => {
  it('change where they are named and nowhere else', async () => {
    const { id, settings } = await create('settings change', { settings: { ignore: ['a'] } })
    const spec = { cpuCount: 4, memoryMib: 2_048, diskMib: 20_480 }
    const first = await ann(`PATCH /api/projects/${id}`, { settings: { spec } })
    expect(first.body.settings).toEqual({ ...settings, spec })
    const more = { environment: { PORT: '80' }, idleStopMs: 60_000, countRunningCommand: true }
    await ann(`PATCH /api/projects/${id}`, { settings: more })
    const last = await ann(`PATCH /api/projects/${id}`, { settings: { idleStopMs: null } })
    expect(last.body.settings).toEqual({ ...settings, ...more, spec, idleStopMs: null })
  })

  it('of nothing change nothing', async () => {
    const { id } = await create('no change')
    const answer = await ann(`PATCH /api/projects/${id}`, { settings: {} })
    expect(answer).toMatchObject({ status: 200, body: { revision: 1 } })
  })
})

describe('a list', () => {
  it('gives 250 projects once each over its pages, newest change first', async () => {
    const cat = await makeUser(stack.supabase, 'cat@example.com')
    await stack.supabase.sql(
      `insert into public.projects (user_id, name, slug, template_type, updated_at)
       select $1, 'number ' || n, 'number-' || n, 'blank', now() - (n / 3) * interval '0.4 ms'
       from generate_series(1, 250) n`,
      [cat.id],
    )
    const names: string[] = []
    const times: number[] = []
    let cursor: string | null = ''
    for (let pages = 0; cursor !== null; pages += 1) {
      const query: string = cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''
      const { body } = await call(stack, `GET /api/projects?limit=37${query}`, { as: cat })
      names.push(...body.items.map(({ name }: { name: string }) => name))
      times.push(...body.items.map((item: { updatedAt: string }) => Date.parse(item.updatedAt)))
      cursor = body.nextCursor
      expect(pages).toBeLessThan(7)
    }
    expect([names.length, new Set(names).size]).toEqual([250, 250])
    expect(times).toEqual(times.toSorted((a, b) => b - a))
  })

  it('finds by a part of the name, as it is written', async () => {
    await create('Find 100%_this')
    const find = async (search: string) =>
      (await ann(`GET /api/projects?search=${encodeURIComponent(search)}`)).body.items.length
    expect([await find('find 100%_'), await find('100_'), await find('nobody')]).toEqual([1, 0, 0])
  })
})
