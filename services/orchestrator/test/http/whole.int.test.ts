import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { RawClient } from '../hub/support/raw-client.ts'
import { until } from '../hub/support/until.ts'
import { call, codeOf } from './support/call.ts'
import { makeUser, takeRole } from './support/users.ts'
import { startWhole, type Whole } from './support/whole.ts'

// Other suites may share the machine: only the polls' own deadlines say what is too slow.
jest.setTimeout(60_000)

let whole: Whole
beforeAll(async () => {
  whole = await startWhole()
})
afterAll(() => whole?.stop())

const ann = (line: string, body?: unknown) =>
  call(whole, line, { as: whole.ann, ...(body === undefined ? {} : { body }) })
const socket = (origin?: string) =>
  new RawClient(`${whole.url.replace('http', 'ws')}/ws`, origin ? { origin } : {})

describe('the orchestrator as it is started', () => {
  it('is ready, measured and described', async () => {
    expect((await call(whole, 'GET /readyz')).status).toBe(200)
    const metrics = await call({ url: whole.metricsUrl }, 'GET /metrics')
    expect(metrics.headers.get('content-type')).toContain('text/plain')
    expect(metrics.body).toContain('vessel_ws_connections')
    expect(metrics.body).toContain('vessel_sessions_overdue_seconds_max')
    expect((await call(whole, 'GET /docs/json')).body.paths['/ws']).toBeUndefined()
  })

  it('keeps its figures off the port that is reached from outside, and the API off theirs', async () => {
    expect(codeOf(await call(whole, 'GET /metrics'))).toBe('NOT_FOUND')
    for (const path of ['/', '/readyz', '/api/projects']) {
      expect((await call({ url: whole.metricsUrl }, `GET ${path}`)).status).toBe(404)
    }
    expect((await call({ url: whole.metricsUrl }, 'POST /metrics')).status).toBe(404)
  })

  it('answers a boot before there is any machine, twice with the same session', async () => {
    const { id } = (await ann('POST /api/projects', { name: 'no host' })).body
    const [one, two] = await Promise.all([
      ann('POST /api/boot', { projectId: id }),
      ann('POST /api/boot', { projectId: id }),
    ])
    expect([one.status, two.status]).toEqual([202, 202])
    expect(one.body.jobId).toBe(two.body.jobId)
    expect((await ann(`GET /api/status/${id}`)).body.status).toBe('processing')
    expect(codeOf(await ann(`DELETE /api/projects/${id}`))).toBe('SESSION_LIVE')

    expect((await ann('POST /api/shutdown', { projectId: id })).status).toBe(202)
    const isOver = async () => (await ann(`GET /api/status/${id}`)).body.status === 'inactive'
    await until(isOver, { what: 'the start is cancelled' })
    expect((await ann(`DELETE /api/projects/${id}`)).status).toBe(200)
  })

  it('deletes or boots, never both, when both are asked at once', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { id } = (await ann('POST /api/projects', { name: `race ${round}` })).body
      const [booted, deleted] = await Promise.all([
        ann('POST /api/boot', { projectId: id }),
        ann(`DELETE /api/projects/${id}`),
      ])
      const isThere = (await ann(`GET /api/projects/${id}`)).status === 200
      expect(isThere).toBe(deleted.status !== 200)
      if (!isThere) expect(codeOf(booted)).toMatch(/PROJECT_NOT_FOUND|SESSION_NOT_FOUND/)
      else expect(booted.status).toBe(202)
      if (isThere) await ann('POST /api/shutdown', { projectId: id })
      const isOver = async () => !isThere || (await isInactive(id))
      await until(isOver, { what: 'the session is over' })
    }
  })

  it('tells an open page of its user what changes, and nobody of another origin', async () => {
    const page = await socket().login(whole.ann.token)
    page.send({ type: 'sub', id: 1, topic: `user:${whole.ann.id}` })
    await page.waitFor('ok')
    const { id } = (await ann('POST /api/projects', { name: 'seen live' })).body
    const has = (kind: string) =>
      page
        .all('events')
        .flatMap(({ items }) => items as { kind: string }[])
        .some((item) => item.kind === kind && JSON.stringify(item).includes(id))
    await until(() => has('project'), { what: 'the project is shown' })
    await ann(`DELETE /api/projects/${id}`)
    await until(() => has('project-removed'), { what: 'the project is gone' })
    page.socket.close()

    const foreign = await socket('http://p1.localhost:3000').opened()
    expect(foreign.httpStatus).toBe(403)
  })
})

describe('an administrator who is none any more', () => {
  it('is refused what administrators may 5 s later, and stays who they are', async () => {
    const root = await makeUser(whole.supabase, 'was-root@example.com', 'admin')
    const ask = (line: string) => call(whole, line, { as: root })
    expect((await ask('GET /api/admin/hosts')).status).toBe(200)
    await takeRole(whole.supabase, root)
    const isOut = async () => (await ask('GET /api/admin/hosts')).status === 403
    await until(isOut, { what: 'the route is closed', withinMs: 5_000 })
    expect(codeOf(await ask('POST /api/admin/hosts/h1/drain'))).toBe('FORBIDDEN')
    expect((await ask('GET /api/projects')).status).toBe(200)
  })

  it('watches nothing of it 5 s later, with a token that still says so', async () => {
    const root = await makeUser(whole.supabase, 'root@example.com', 'admin')
    const page = await socket().login(root.token)
    page.send({ type: 'sub', id: 1, topic: 'admin' })
    await page.waitFor('ok')
    await takeRole(whole.supabase, root)
    const isOut = () => page.all('error').some(({ id, code }) => id === 1 && code === 'FORBIDDEN')
    await until(isOut, { what: 'the topic ends', withinMs: 5_000 })

    page.send({ type: 'sub', id: 2, topic: 'admin' })
    await page.waitFor('error', 2)
    expect(page.all('ok')).toHaveLength(1)
    page.socket.close()
  })
})

async function isInactive(id: string): Promise<boolean> {
  return (await ann(`GET /api/status/${id}`)).body.status === 'inactive'
}
