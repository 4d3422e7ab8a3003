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
import { sessionViewWith } from './support/fake-sessions.ts'
import { type HttpStack, startHttp, TEMPLATES_DIR } from './support/http-stack.ts'
import { makeOwned } from './support/owned.ts'
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

describe('a deleted project', () => {
  const gone = async (name: string) => {
    const { id } = await create(name)
    const answer = await ann(`DELETE /api/projects/${id}`)
    expect(answer.status).toBe(200)
    return { id, purgeAt: Date.parse(answer.body.purgeAt) }
  }

  it('is gone everywhere but in the list of the deleted', async () => {
    const { id, purgeAt } = await gone('to delete')
    expect(purgeAt).toBeGreaterThan(Date.now())
    expect(codeOf(await ann(`GET /api/projects/${id}`))).toBe('PROJECT_NOT_FOUND')
    expect(codeOf(await ann(`PATCH /api/projects/${id}`, { name: 'x' }))).toBe('PROJECT_NOT_FOUND')
    expect(codeOf(await ann(`GET /api/projects/${id}/versions`))).toBe('PROJECT_NOT_FOUND')
    expect(codeOf(await ann(`GET /api/projects/${id}/download`))).toBe('PROJECT_NOT_FOUND')
    expect(codeOf(await ann(`DELETE /api/projects/${id}`))).toBe('PROJECT_NOT_FOUND')
    const idsOf = async (query: string) =>
      (await ann(`GET /api/projects${query}`)).body.items.map((item: { id: string }) => item.id)
    expect(await idsOf('')).not.toContain(id)
    expect(await idsOf('?deleted=only')).toContain(id)
    expect(stack.announced).toContain(`removed ${id}`)
  })

  it('comes back as it was', async () => {
    const { id } = await gone('to bring back')
    const back = await ann(`POST /api/projects/${id}/undelete`)
    expect(back).toMatchObject({ status: 200, body: { id, deletedAt: null } })
    expect((await ann(`GET /api/projects/${id}/download`)).status).toBe(200)
    expect(codeOf(await ann(`POST /api/projects/${id}/undelete`))).toBe('PROJECT_NOT_FOUND')
  })

  it('does not come back while another has its name', async () => {
    const { id } = await gone('reused')
    await create('reused')
    expect(codeOf(await ann(`POST /api/projects/${id}/undelete`))).toBe('NAME_TAKEN')
  })

  it('does not come back after its time', async () => {
    const { id } = await gone('too late')
    await stack.supabase.sql(
      `update public.projects set deleted_at = now() - interval '2 hours' where id = $1`,
      [id],
    )
    expect(codeOf(await ann(`POST /api/projects/${id}/undelete`))).toBe('PROJECT_NOT_FOUND')
  })

  it('cannot be while it runs', async () => {
    const { id } = await create('running')
    await stack.supabase.sql(`select public.session_request($1, $2, $3, 9, 99999, 1000)`, [
      crypto.randomUUID(),
      id,
      stack.ann.id,
    ])
    expect(codeOf(await ann(`DELETE /api/projects/${id}`))).toBe('SESSION_LIVE')
    expect((await ann(`GET /api/projects/${id}`)).body.deletedAt).toBeNull()
  })
})

describe('versions', () => {
  const addVersion = (id: string, seq: number, status: string) =>
    stack.supabase.sql(
      `insert into public.archives (project_id, user_id, epoch, seq, path, sha256, bytes, format,
         status, committed_at, entries)
       values ($1, $2, 2, $3::bigint, $4, $5, 7, 'zip', $6, now() + $3::bigint * interval '1 s', 3)`,
      [id, stack.ann.id, seq, `${stack.ann.id}/${id}/2-${seq}`, 'a'.repeat(64), status],
    )

  it('are those made final, newest first', async () => {
    const { id } = await create('with versions')
    await addVersion(id, 1, 'earlier')
    await addVersion(id, 2, 'recovery')
    await addVersion(id, 3, 'pending')
    const { body } = await ann(`GET /api/projects/${id}/versions`)
    const kinds = body.items.map(({ kind }: { kind: string }) => kind)
    expect(kinds).toEqual(['recovery', 'earlier', 'head'])
  })

  it('can be made the head again, which the view then shows', async () => {
    const { id } = await create('to restore')
    await addVersion(id, 1, 'recovery')
    const [recovery] = (await ann(`GET /api/projects/${id}/versions`)).body.items
    const restored = await ann(`POST /api/projects/${id}/versions/${recovery.id}/restore`)
    expect(restored).toMatchObject({ status: 200, body: { head: { bytes: 7, entries: 3 } } })
    const kinds = (await ann(`GET /api/projects/${id}/versions`)).body.items
    expect(kinds.map(({ kind }: { kind: string }) => kind)).toEqual(['head', 'earlier'])
  })

  it('of another project, or of none, cannot be restored', async () => {
    const [one, other] = [await create('one'), await create('other')]
    const [foreign] = (await ann(`GET /api/projects/${other.id}/versions`)).body.items
    for (const version of [foreign.id, crypto.randomUUID()]) {
      const answer = await ann(`POST /api/projects/${one.id}/versions/${version}/restore`)
      expect(codeOf(answer)).toBe('VERSION_NOT_FOUND')
    }
  })

  it('are not there to download where nothing was ever saved', async () => {
    const id = crypto.randomUUID()
    await stack.supabase.sql(
      `insert into public.projects (id, user_id, name, slug, template_type)
       values ($1, $2, 'empty', 'empty-one', 'blank')`,
      [id, stack.ann.id],
    )
    expect(codeOf(await ann(`GET /api/projects/${id}/download`))).toBe('VERSION_NOT_FOUND')
  })
})

describe('sessions over HTTP', () => {
  it('boot answers that it is on its way, then that it is up', async () => {
    const { id } = await create('to boot')
    stack.sessions.owners.set(id, stack.ann.id)
    const first = await ann('POST /api/boot', { projectId: id })
    expect(first).toMatchObject({ status: 202, body: { status: 'processing' } })
    expect(first.body.jobId).toBe(first.body.session.id)
    stack.sessions.put(stack.ann.id, sessionViewWith(id, 'ready'))
    const second = await ann('POST /api/boot', { projectId: id })
    expect(second).toMatchObject({ status: 200, body: { status: 'active' } })
    expect(second.body.url).toBe(second.body.session.url)
  })

  it.each([
    ['placing', 'processing'],
    ['ready', 'active'],
    ['saving', 'stopping'],
    ['stopped', 'inactive'],
    ['failed', 'failed'],
    ['lost', 'failed'],
  ] as const)('a session that is %s is shown as %s', async (state, status) => {
    const { id } = await create(`status ${state}`)
    stack.sessions.put(stack.ann.id, sessionViewWith(id, state))
    expect((await ann(`GET /api/status/${id}`)).body).toMatchObject({ status, session: { state } })
  })

  it('a project that was never opened is inactive', async () => {
    const { id } = await create('never opened')
    stack.sessions.owners.set(id, stack.ann.id)
    const { body } = await ann(`GET /api/status/${id}`)
    expect(body).toEqual({ status: 'inactive', session: null })
  })

  it('what is not live cannot be shut down or kept', async () => {
    const { id } = await create('not live')
    stack.sessions.put(stack.ann.id, sessionViewWith(id, 'stopped'))
    for (const path of ['shutdown', 'heartbeat']) {
      expect(codeOf(await ann(`POST /api/${path}`, { projectId: id }))).toBe('SESSION_NOT_LIVE')
    }
  })

  it('a heartbeat keeps awake only when asked to', async () => {
    const { project } = await makeOwned(stack, stack.ann, 'heart')
    const beat = (more: object) => ann('POST /api/heartbeat', { projectId: project, ...more })
    await beat({})
    await beat({ source: 'keep-awake', keepAwakeMs: 600_000 })
    await beat({ source: 'keep-awake' })
    expect(stack.sessions.keptAwakeMs.slice(-3)).toEqual([undefined, 600_000, 3_600_000])
  })
})
