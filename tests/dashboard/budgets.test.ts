import { gzipSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import type { CDPSession, Page } from 'playwright-core'
import { minutesAgo, running } from './scenes/samples.ts'
import { percentile, slowness, startMeter } from './support/measure.ts'
import type { Stage } from './support/stage.ts'
import { withSite } from './support/with-site.ts'

/** What issue 6 sets. */
const FIRST_LOAD_BYTES_MAX = 170_000
const INTERACTION_P75_MS_MAX = 100
const TASK_MS_MAX = 50
const CARDS = 200
const LINES_PER_SECOND = 1_000

const INTERACTIONS = 40
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

async function p75OfInteractions(stage: Stage): Promise<number> {
  const meter = await startMeter(stage.page)
  for (let done = 0; done < INTERACTIONS; done += 4) await interact(stage.page)
  await stage.settle()
  const { interactions } = await meter.read()
  // What took less than 16 ms is not reported by the browser, and counts as fast.
  const fast = Array.from({ length: Math.max(0, INTERACTIONS - interactions.length) }, () => 8)
  return percentile([...interactions, ...fast], 0.75)
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
        const bodies: Promise<Buffer>[] = []
        stage.page.on('response', (response) => {
          if (response.request().resourceType() === 'script') bodies.push(response.body())
        })
        await stage.mock.project(stage.email, { name: 'One', session: running() })
        await stage.enter('/projects')
        await stage.page.getByRole('article', { name: 'One' }).waitFor()
        await stage.page.waitForLoadState('networkidle')
        const sizes = (await Promise.all(bodies)).map((body) => gzipSync(body).length)
        const bytes = sizes.reduce((sum, size) => sum + size, 0)
        say(`projects page, all script until it stands: ${(bytes / 1_000).toFixed(1)} kB gzip`)
        expect(bytes).toBeLessThanOrEqual(FIRST_LOAD_BYTES_MAX)
      }),
    TEST_MS,
  )

  it(
    'answers a press in time while a thousand lines a second arrive',
    () =>
      site.stage('interaction', async (stage) => {
        const id = await watchBoot(stage)
        const quietMs = await p75OfInteractions(stage)
        const lines = LINES_PER_SECOND * 30
        await stage.mock.flood(id, { rate: LINES_PER_SECOND, lines })
        await stage.page.getByText('package-500 ').waitFor()
        const floodedMs = await p75OfInteractions(stage)
        const factor = await slowness(stage.page)
        say(
          `interaction p75 ${floodedMs.toFixed(0)} ms in the flood, ${quietMs.toFixed(0)} ms ` +
            `without; machine ${factor.toFixed(2)} times slower than the budget's`,
        )
        expect(floodedMs).toBeLessThanOrEqual(INTERACTION_P75_MS_MAX * factor)
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
        const meter = await startMeter(stage.page)
        const longest: number[] = []
        for (let round = 1; round <= STIRS; round += 1) {
          await stage.mock.stir(stage.email)
          // Sizes grow by a megabyte a round: the last card shows that all were drawn.
          const told = stage.page.getByText(`· ${round}.0 MB`)
          await told.nth(CARDS - 1).waitFor()
          await stage.settle()
          longest.push(Math.max(0, ...(await meter.read()).longTasks))
        }
        const factor = await slowness(stage.page)
        const middle = percentile(longest, 0.5)
        say(
          `${CARDS} cards: longest task ${middle.toFixed(0)} ms (middle of ${longest
            .map((ms) => ms.toFixed(0))
            .join(', ')}); machine ${factor.toFixed(2)} times slower`,
        )
        expect(middle).toBeLessThanOrEqual(TASK_MS_MAX * factor)
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
        await stage.mock.flood(id, { rate: 5_000, lines: half })
        await stage.page.getByText(/package-0 /).waitFor({ timeout: 60_000 })
        await stage.page.getByText(`package-${half - 1} `).waitFor({ timeout: 60_000 })
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
