import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ENTERED_PATH } from '@vessel/proto/headers'
import type { Browser, WebSocket } from 'playwright-core'
import { closingAfter } from '../support/closing.ts'
import { callApi, Person } from '../support/person.ts'
import { launchChromium } from './support/chromium.ts'
import { execInWorkspace } from './support/exec.ts'
import { historyOf } from './support/history.ts'
import { type Product, startProduct } from './support/product.ts'
import { type ServedPage, servePage } from './support/serve-page.ts'
import { until } from './support/until.ts'

const START_MS = 300_000

/** A session of someone, up, with its workspace's address. */
interface Workspace {
  readonly owner: Person
  readonly projectId: string
  readonly sessionId: string
  readonly url: string
}

let product: Product
let browser: Browser
let workspace: Workspace
/** Serves an empty page under any name: what code in a workspace can do. */
let attacker: ServedPage

beforeAll(async () => {
  product = await startProduct({
    only: ['nats', 'redis', 'supabase', 'gateway', 'orchestrator', 'agent'],
    env: { orchestrator: { DASHBOARD_ORIGINS: 'http://vessel.test:3000' } },
  })
  browser = await launchChromium({ resolverRules: 'MAP *.test 127.0.0.1' })
  attacker = await servePage()
  workspace = await bootWorkspace()
}, START_MS)

afterAll(async () => {
  await browser?.close()
  await attacker?.close()
  await product?.stop()
}, START_MS)

async function bootWorkspace(): Promise<Workspace> {
  const owner = await Person.signUp(product)
  const project = await owner.createProject('node')
  const { session } = await owner.boot(project.id)
  let url: string | null = null
  await until(
    'the session is ready',
    async () => {
      const reply = await owner.boot(project.id)
      url = reply.session.url
      return reply.status === 'active'
    },
    90_000,
  )
  if (!url) throw new Error('a ready session has an address')
  return { owner, projectId: project.id, sessionId: session.id, url }
}

async function ticketUrl(who: Person, sessionId: string): Promise<string> {
  const answer = await who.call('POST', `/api/sessions/${sessionId}/ticket`, {})
  expect(answer.status).toBe(200)
  return (answer.body as { url: string }).url
}

describe('a stranger', () => {
  it('reaches nothing of another user, route by route', async () => {
    const stranger = await Person.signUp(product)
    const { projectId, sessionId } = workspace
    const project = `/api/projects/${projectId}`
    const refused = [
      ['GET', project],
      ['PATCH', project, { name: 'mine now' }],
      ['DELETE', project],
      ['POST', `${project}/undelete`],
      ['GET', `${project}/versions`],
      ['POST', `${project}/versions/${randomUUID()}/restore`],
      ['GET', `${project}/versions/${randomUUID()}/download`],
      ['GET', `${project}/download`],
      ['POST', '/api/boot', { projectId }],
      ['POST', '/api/shutdown', { projectId }],
      ['POST', '/api/heartbeat', { projectId }],
      ['GET', `/api/status/${projectId}`],
      ['POST', `/api/sessions/${sessionId}/ticket`, {}],
    ] as const
    for (const [method, path, body] of refused) {
      const answer = await stranger.call(method, path, body)
      expect([method, path, answer.status]).toEqual([method, path, 404])
    }
    for (const path of ['hosts', 'sessions', 'stats']) {
      expect((await stranger.call('GET', `/api/admin/${path}`)).status).toBe(403)
    }
  })

  it.each([
    ['no token', null],
    ['a token that is none', 'not-a-token'],
    ['a token signed by somebody else', `${btoa('{"alg":"none"}')}.${btoa('{"sub":"x"}')}.`],
  ])('with %s is told to log in', async (_name, token) => {
    for (const path of ['/api/projects', `/api/status/${workspace.projectId}`]) {
      const answer = await callApi(product.urls.api, { method: 'GET', path, token })
      expect(answer.status).toBe(401)
    }
  })
})

describe('a workspace address', () => {
  it('without a ticket shows a page that says how to get in, and not the IDE', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    const response = await page.goto(workspace.url)
    expect(response?.status()).toBe(401)
    const text = await page.locator('body').textContent()
    expect(text).toMatch(/dashboard/i)
    expect(await page.locator('.monaco-workbench').count()).toBe(0)
    await context.close()
  })

  it('lets its owner in once per code, and nobody with a used one', async () => {
    const url = await ticketUrl(workspace.owner, workspace.sessionId)
    const first = await browser.newContext()
    const page = await first.newPage()
    await page.goto(url)
    await page.locator('.monaco-workbench').waitFor({ timeout: 60_000 })
    await first.close()

    const second = await browser.newContext()
    const late = await second.newPage()
    const response = await late.goto(url)
    expect(response?.status()).toBe(403)
    expect(await late.locator('.monaco-workbench').count()).toBe(0)
    await second.close()
  }, 90_000)
})

/** VS Code in a browser of its own, entered with one login, and the sockets it has open. */
async function openAs(who: Person) {
  const context = await browser.newContext()
  const page = await context.newPage()
  const open = new Set<WebSocket>()
  let closedCount = 0
  page.on('websocket', (socket) => {
    // One that was refused never brings anything.
    socket.once('framereceived', () => open.add(socket))
    socket.on('close', () => {
      closedCount += open.delete(socket) ? 1 : 0
    })
  })
  await page.goto(await ticketUrl(who, workspace.sessionId))
  await page.locator('.monaco-workbench').waitFor({ timeout: 60_000 })
  await until('VS Code has its connections', () => open.size > 0)
  // Gone when the page is loaded anew.
  await page.evaluate('globalThis.isTheSamePage = true')
  return {
    ...{ context, page, open },
    closedCount: () => closedCount,
    ask: () => page.evaluate<number>("fetch('/').then(({ status }) => status)"),
  }
}

async function endLogin(by: Person, which: Person): Promise<void> {
  const { body } = await which.call('GET', '/api/account/logins')
  const { items } = body as { items: { id: string; isCurrent: boolean }[] }
  const id = items.find(({ isCurrent }) => isCurrent)?.id
  expect((await by.call('DELETE', `/api/account/logins/${id}`)).status).toBe(200)
}

describe('a device that was signed out', () => {
  it('loses the workspace it has open, the other does not, and gets it back by logging in', async () => {
    const { owner } = workspace
    const device = await owner.logInAgain()
    const [there, here] = [await openAs(device), await openAs(owner)]
    const before = [...there.open]
    expect(await there.ask()).toBe(200)

    await endLogin(owner, device)
    await until('its next request is refused', async () => (await there.ask()) === 403)
    await until('its connections are closed', () => before.every((one) => one.isClosed()))
    expect(await here.ask()).toBe(200)
    expect(here.closedCount()).toBe(0)

    const entry = new URL(await ticketUrl(await owner.logInAgain(), workspace.sessionId))
    entry.searchParams.set('path', ENTERED_PATH)
    await (await there.context.newPage()).goto(entry.href)
    await until('VS Code is connected again', () => there.open.size > 0, 60_000)
    expect(await there.ask()).toBe(200)
    expect(await there.page.evaluate('globalThis.isTheSamePage')).toBe(true)
    expect(here.closedCount()).toBe(0)
    for (const { context } of [there, here]) await context.close()
  }, 180_000)
})

/** A program of the user's that answers with what it was asked with, and ends when told to. */
const ECHO = `
  require('node:http')
    .createServer((request, response) => {
      const isLast = request.url === '/last'
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(request.headers), () => isLast && process.exit(0))
    })
    .listen(4567, '127.0.0.1')`

describe('a program in the workspace', () => {
  it('gets what its own users send, and nothing that opens Vessel', async () => {
    const program = execInWorkspace(product, workspace.sessionId, ['node', '-e', ECHO])
    await until('the port was noticed', () => isListening(4567), 30_000)
    const answer = await workspace.owner.call(
      'POST',
      `/api/sessions/${workspace.sessionId}/ticket`,
      { port: 4567 },
    )
    const entry = (answer.body as { url: string }).url
    const context = await browser.newContext()
    const page = await context.newPage()
    expect((await page.goto(entry))?.status()).toBe(200)
    const headers = await page.evaluate(async () => {
      const headers = { authorization: 'Bearer of-the-program' }
      const response = await fetch('/last', { headers })
      return (await response.json()) as Record<string, string>
    })
    await program
    expect(headers.authorization).toBe('Bearer of-the-program')
    expect(Object.keys(headers).filter((name) => name.startsWith('x-vessel'))).toEqual([])
    expect(headers.cookie ?? '').not.toMatch(/vessel/i)
    expect(JSON.stringify(headers)).not.toContain(workspace.owner.token)
    await context.close()
  }, 60_000)
})

/** Whether the host was told of the port, as the session's own story has it. */
async function isListening(port: number): Promise<boolean> {
  const history = await historyOf(product, workspace.sessionId)
  return history.some((item) => {
    const event = item.kind === 'event' ? item.event : null
    return event?.type === 'ports' && event.ports.some((open) => open.port === port)
  })
}

describe.each(['localhost', 'vessel.test'])('a page of a workspace under %s', (domain) => {
  async function attack<T>(run: (api: string, token: string) => Promise<T>): Promise<T> {
    const context = await browser.newContext()
    const visit = async () => {
      const page = await context.newPage()
      await page.goto(`http://p1.${domain}:${attacker.port}/`)
      const api = `http://${domain}:${new URL(product.urls.api).port}`
      const script = `(${run})(${JSON.stringify(api)}, ${JSON.stringify(workspace.owner.token)})`
      return page.evaluate<T>(script)
    }
    return closingAfter(visit, () => context.close())
  }

  it('opens no live connection, though it offers the right protocol', async () => {
    const end = await attack(
      (api) =>
        new Promise((resolve) => {
          const socket = new WebSocket(`${api.replace('http', 'ws')}/ws`, 'vessel.v1')
          socket.onopen = () => resolve('open')
          socket.onclose = (event) => resolve(`closed ${event.code}`)
        }),
    )
    expect(end).toBe('closed 1006')
  })

  it('reads nothing and changes nothing, even with the token of the owner', async () => {
    const result = await attack(async (api, token) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const body = JSON.stringify({ name: 'stolen' })
      const tryIt = (path: string, options: object) =>
        fetch(api + path, { headers, ...options }).then(
          (response) => `answered ${response.status}`,
          () => 'blocked',
        )
      return [
        await tryIt('/api/projects', {}),
        await tryIt('/api/projects', { method: 'POST', body }),
      ]
    })
    expect(result).toEqual(['blocked', 'blocked'])
  })

  it('is refused by its origin where a browser asks without asking first', async () => {
    const origin = `http://p1.${domain}:${attacker.port}`
    for (const headers of [{ origin }, { origin: `${origin}.evil` }, { origin: 'null' }]) {
      const answer = await callApi(product.urls.api, {
        method: 'POST',
        path: '/api/boot',
        body: { projectId: workspace.projectId },
        token: workspace.owner.token,
        headers,
      })
      expect(answer).toMatchObject({ status: 403, body: { code: 'ORIGIN_REFUSED' } })
    }
  })
})
