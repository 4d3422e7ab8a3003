import { gzipSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import type { CDPSession, Page } from 'playwright-core'
import { minutesAgo, running } from './scenes/samples.ts'
import { crowding, longestTask, percentile, startMeter } from './support/measure.ts'
import type { Stage } from './support/stage.ts'
import { withSite } from './support/with-site.ts'

/** What issue 6 sets. */
const FIRST_LOAD_BYTES_MAX = 170_000
const INTERACTION_P75_MS_MAX = 100
const TASK_MS_MAX = 50
const CARDS = 200
const LINES_PER_SECOND = 1_000

const INTERACTIONS = 40
/** What the same presses take on a machine with nothing else to do: two frames, rounded up. */
const QUIET_MS = 32
const STIRS = 5
/** Six times what a page keeps: whatever grows with the lines has grown by then. */
const LINES_OF_A_LONG_BOOT = 60_000
const TEST_MS = 120_000

const site = withSite()
/** Said whether it passes or not: a budget that is nearly used up is news too. */
const say = (text: string): void => void process.stderr.write(`measured: ${text}\n`)

async function watchBoot(stage: Stage): Promise<string> {
  const { id } = await stage.mock.project(stage.email, {
    name: 'Long boot',
    session: { state: 'starting', createdAt: minutesAgo(0.1) },
  })
  await stage.enter(`/editor/${id}`)
  await stage.page.getByRole('log', { name: 'Boot log' }).waitFor()
  await stage.page.locator('[data-light="green"]').waitFor()
  return id
}

/** Opens the search, types, closes it: a press, keys and a press again. */
async function interact(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Search the log' }).click()
  await page.getByLabel('Search the log').press('z')
  await page.getByLabel('Search the log').press('Backspace')
  await page.getByRole('button', { name: 'Close search' }).click()
}

async function p75OfInteractions(stage: Stage) {
  const meter = await startMeter(stage.page)
  const crowds: number[] = []
  for (let done = 0; done < INTERACTIONS; done += 4) {
    await interact(stage.page)
    crowds.push(await crowding(stage.page))
  }
  await stage.settle()
  const { interactions } = await meter.read()
  // What took less than 16 ms is not reported by the browser, and counts as fast.
  const fast = Array.from({ length: Math.max(0, INTERACTIONS - interactions.length) }, () => 8)
  const crowded = percentile(crowds, 0.5)
  return { ms: percentile([...interactions, ...fast], 0.75), crowded }
}

async function heapBytes(cdp: CDPSession): Promise<number> {
  await cdp.send('HeapProfiler.collectGarbage')
  const { metrics } = await cdp.send('Performance.getMetrics')
  return metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0
}

describe('the budgets of the dashboard', () => {
  it(
    'lets the projects page load with less script than its budget',
    () =>
      site.stage('first load', async (stage) => {
        const sizes = new Map<string, Promise<number>>()
        stage.page.on('response', (response) => {
          if (response.request().resourceType() !== 'script') return
          sizes.set(
            response.url(),
            response.body().then((body) => gzipSync(body).length),
          )
        })
        await stage.mock.project(stage.email, { name: 'One', session: running() })
        await stage.enter('/projects')
        await stage.page.getByRole('article', { name: 'One' }).waitFor()
        await stage.page.waitForLoadState('networkidle')
        const html = await (await fetch(stage.url('/projects'))).text()
        let first = 0
        let whole = 0
        for (const [url, size] of sizes) {
          const bytes = await size
          whole += bytes
          if (html.includes(new URL(url).pathname)) first += bytes
        }
        say(
          `projects page: ${(first / 1_000).toFixed(1)} kB of script (gzip) in its first load, ` +
            `${(whole / 1_000).toFixed(1)} kB until everything of it stands`,
        )
        expect(first).toBeGreaterThan(0)
        expect(first).toBeLessThanOrEqual(FIRST_LOAD_BYTES_MAX)
      }),
    TEST_MS,
  )

  it(
    'answers a press in time while a thousand lines a second arrive',
    () =>
      site.stage('interaction', async (stage) => {
        const id = await watchBoot(stage)
        const quiet = await p75OfInteractions(stage)
        const lines = LINES_PER_SECOND * 30
        await stage.mock.flood(id, { rate: LINES_PER_SECOND, lines })
        await stage.page
          .getByText(/package-\d{3,} /)
          .first()
          .waitFor()
        const flooded = await p75OfInteractions(stage)
        say(
          `interaction p75 ${flooded.ms} ms in the flood (processors shared ` +
            `${flooded.crowded.toFixed(2)} times), ${quiet.ms} ms without`,
        )
        // Whatever slows the same presses down without any lines is not the lines' doing.
        const factor = Math.max(1, flooded.crowded, quiet.ms / QUIET_MS)
        expect(flooded.ms / factor).toBeLessThanOrEqual(INTERACTION_P75_MS_MAX)
      }),
    TEST_MS,
  )

  it(
    'draws two hundred changed cards without a long task',
    () =>
      site.stage('two hundred cards', async (stage) => {
        const wishes = Array.from({ length: CARDS }, (_, index) => `Project ${index + 1}`)
        for (const name of wishes) {
          await stage.mock.project(stage.email, { name, session: running() })
        }
        await stage.enter('/projects')
        await stage.page
          .getByRole('article')
          .nth(CARDS - 1)
          .waitFor()
        await stage.page.locator('[data-light="green"]').waitFor()
        const longest: number[] = []
        for (let round = 1; round <= STIRS; round += 1) {
          const all = stage.page.getByText(`· ${round}.0 MB`)
          const stir = async (): Promise<void> => {
            await stage.mock.stir(stage.email)
            // Sizes grow by a megabyte a round: the last card shows that all were drawn.
            await all.nth(CARDS - 1).waitFor()
            await stage.settle()
          }
          longest.push(await longestTask(stage.page, stir))
        }
        const middle = percentile(longest, 0.5)
        const each = longest.map((ms) => ms.toFixed(0)).join(', ')
        say(`${CARDS} cards at once: longest task ${middle.toFixed(0)} ms of processor (${each})`)
        expect(middle).toBeLessThanOrEqual(TASK_MS_MAX)
      }),
    TEST_MS,
  )

  it(
    'keeps its memory flat however long a log gets',
    () =>
      site.stage('memory', async (stage) => {
        const id = await watchBoot(stage)
        const cdp = await stage.context.newCDPSession(stage.page)
        await cdp.send('Performance.enable')
        const half = LINES_OF_A_LONG_BOOT / 2
        await stage.mock.flood(id, { rate: 5_000, lines: half })
        await stage.page.getByText(`package-${half - 1} `).waitFor({ timeout: 60_000 })
        const before = await heapBytes(cdp)
        await stage.mock.flood(id, { rate: 5_000, lines: half, from: half })
        await stage.page.getByText(`package-${half * 2 - 1} `).waitFor({ timeout: 60_000 })
        const after = await heapBytes(cdp)
        const drawn = await stage.page.locator('[role="log"] [data-seq]').count()
        say(
          `heap ${(before / 1e6).toFixed(1)} MB after ${half} lines, ${(after / 1e6).toFixed(1)} ` +
            `MB after ${half * 2}: ratio ${(after / before).toFixed(2)}; ${drawn} lines drawn`,
        )
        expect(after / before).toBeLessThan(1.2)
        expect(drawn).toBeLessThan(1_500)
      }),
    TEST_MS,
  )
})
