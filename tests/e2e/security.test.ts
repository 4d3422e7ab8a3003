import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { callApi, Person } from '../support/person.ts'
import { launchChromium } from './support/chromium.ts'
import { execInWorkspace } from './support/exec.ts'
import { type Product, startProduct } from './support/product.ts'
import { until } from './support/until.ts'

const START_MS = 300_000
const RUN_MS = 120_000

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

beforeAll(async () => {
  product = await startProduct({
    only: ['nats', 'redis', 'supabase', 'gateway', 'orchestrator', 'agent'],
  })
  browser = await launchChromium()
  workspace = await bootWorkspace()
}, START_MS)

afterAll(async () => {
  await browser?.close()
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
    const text = await page.locator('body').innerText()
    expect(text).toMatch(/dashboard/i)
    expect(await page.locator('.monaco-workbench').count()).toBe(0)
    await context.close()
  })

  it('lets its owner in once per code, and nobody with a code that was used', async () => {
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
  })
})

/** A program of the user's that answers with what it was asked with. */
const ECHO = `
  require('node:http')
    .createServer((request, response) => {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(request.headers))
    })
    .listen(4567, '127.0.0.1')`

describe('a program in the workspace', () => {
  it('gets what its own users send, and nothing that opens Vessel', async () => {
    const start = `nohup node -e "${ECHO.replaceAll('\n', ' ')}" > /dev/null 2>&1 &`
    await execInWorkspace(product, workspace.sessionId, ['sh', '-c', start])
    const answer = await workspace.owner.call(
      'POST',
      `/api/sessions/${workspace.sessionId}/ticket`,
      { port: 4567 },
    )
    const entry = (answer.body as { url: string }).url
    const context = await browser.newContext()
    const page = await context.newPage()
    await until(
      'the port is open to its owner',
      async () => {
        const response = await page.goto(entry)
        return response?.ok() ?? false
      },
      30_000,
    ).catch(() => undefined)
    const headers = await page.evaluate(async () => {
      const response = await fetch('/', { headers: { authorization: 'Bearer of-the-program' } })
      return (await response.json()) as Record<string, string>
    })
    expect(headers.authorization).toBe('Bearer of-the-program')
    expect(Object.keys(headers).filter((name) => name.startsWith('x-vessel'))).toEqual([])
    expect(headers.cookie ?? '').not.toMatch(/vessel/i)
    expect(JSON.stringify(headers)).not.toContain(workspace.owner.token)
    await context.close()
  })
})
