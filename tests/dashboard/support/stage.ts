import { randomUUID } from 'node:crypto'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import type { MockLevers } from './mock-levers.ts'
import type { Site } from './site.ts'

export interface Look {
  readonly width: number
  readonly height: number
  readonly scheme: 'light' | 'dark'
}

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
] as const

/** Every size in every scheme. */
export const LOOKS: readonly Look[] = SIZES.flatMap((size) => [
  { ...size, scheme: 'light' as const },
  { ...size, scheme: 'dark' as const },
])

const STORAGE_KEY = 'vessel.auth'

interface StageParts {
  readonly site: Site
  readonly email: string
  readonly context: BrowserContext
  readonly page: Page
}

/** One person in a browser of their own, in front of the site. */
export class Stage {
  readonly page: Page
  readonly email: string
  readonly mock: MockLevers
  readonly context: BrowserContext
  /** What the page wrote to its console as an error, and what it threw. */
  readonly complaints: string[] = []
  /** Requests that left for anywhere but this machine. */
  readonly strayRequests: string[] = []
  readonly #site: Site

  constructor({ site, email, context, page }: StageParts) {
    this.#site = site
    this.mock = site.mock
    this.email = email
    this.context = context
    this.page = page
    page.on('pageerror', (error) => this.complaints.push(String(error)))
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text())
    })
    page.on('request', (request) => {
      const { protocol, hostname } = new URL(request.url())
      const isOwn = hostname === 'localhost' || hostname.endsWith('.localhost')
      if (/^(http|ws)/.test(protocol) && !isOwn) this.strayRequests.push(request.url())
    })
  }

  url(path: string): string {
    return new URL(path, this.#site.url).href
  }

  /** Goes to a page as someone who logged in here before. */
  async enter(path: string): Promise<void> {
    const login = await this.mock.login(this.email)
    await this.context.addInitScript(
      ({ key, value }) => {
        // Only where nothing is: a login that ended must stay ended after a reload.
        if (location.hostname === 'localhost' && !sessionStorage.getItem('entered')) {
          localStorage.setItem(key, value)
          sessionStorage.setItem('entered', 'yes')
        }
      },
      { key: STORAGE_KEY, value: login },
    )
    await this.page.goto(this.url(path))
  }

  async put({ width, height, scheme }: Look): Promise<void> {
    await this.page.setViewportSize({ width, height })
    await this.page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
    await this.settle()
  }

  /** Takes the network away, as a lid that is closed does: the connection goes with it. */
  async goOffline(): Promise<void> {
    await this.context.setOffline(true)
    await this.mock.cut()
  }

  /** Fonts are there, and what moves by itself has come to rest. */
  async settle(): Promise<void> {
    await this.page.evaluate(async () => {
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
      await document.fonts.ready
      await frame()
      const ending = document.getAnimations().flatMap((animation) => {
        const { endTime } = animation.effect?.getComputedTiming() ?? {}
        return endTime === Number.POSITIVE_INFINITY ? [] : [animation.finished]
      })
      await Promise.allSettled(ending)
      await frame()
    })
  }

  close(): Promise<void> {
    return this.context.close()
  }
}

export interface StageOptions {
  /** Who comes; someone new with nothing when left out. */
  readonly name?: string
  readonly isMotionReduced?: boolean
}

export async function openStage(
  browser: Browser,
  site: Site,
  options: StageOptions = {},
): Promise<Stage> {
  const email = `${options.name ?? 'ada'}-${randomUUID().slice(0, 6)}@example.com`
  await site.mock.user(email)
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    reducedMotion: (options.isMotionReduced ?? true) ? 'reduce' : 'no-preference',
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  return new Stage({ site, email, context, page })
}
