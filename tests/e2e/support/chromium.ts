import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

/** Nothing of Chromium's own may go out, and none of it may disturb a test. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // It has no bus to talk to and says so twenty times; what it says when it dies must not drown.
  '--log-level=3',
]

export interface LaunchOptions {
  /** Chromium's own name resolution, for names that are not `*.localhost`. */
  readonly resolverRules?: string
}

export async function launchChromium(options: LaunchOptions = {}): Promise<Browser> {
  const rules = options.resolverRules ? [`--host-resolver-rules=${options.resolverRules}`] : []
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: [...QUIET, ...rules] })
}

export interface OpenPage {
  readonly page: Page
  readonly context: BrowserContext
  /** Requests that left for anywhere but this machine's own names. */
  readonly strayRequests: string[]
}

const OWN_HOST = /^(localhost|127\.0\.0\.1|[a-z0-9.-]+\.localhost|[a-z0-9.-]+\.test)$/

export async function openPage(browser: Browser): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()
  const strayRequests: string[] = []
  page.on('request', (request) => {
    const url = new URL(request.url())
    const isWeb = url.protocol.startsWith('http') || url.protocol.startsWith('ws')
    if (isWeb && !OWN_HOST.test(url.hostname)) strayRequests.push(request.url())
  })
  return { page, context, strayRequests }
}

/** A picture for the eyes of whoever reads a failure; its path goes into the error. */
export async function picture(page: Page, name: string): Promise<string> {
  const folder = join(tmpdir(), 'vessel-e2e')
  await mkdir(folder, { recursive: true })
  const path = join(folder, `${name}-${Date.now()}.png`)
  await page.screenshot({ path })
  return path
}

/** Runs a test's body; on failure says what the page showed. */
export async function withPicture<T>(page: Page, name: string, body: () => Promise<T>): Promise<T> {
  try {
    return await body()
  } catch (cause) {
    const path = await picture(page, name).catch((error: unknown) => String(error))
    throw new Error(`${name}: see ${path}`, { cause })
  }
}
