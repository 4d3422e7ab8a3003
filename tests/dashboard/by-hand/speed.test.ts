import { describe, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { running } from '../scenes/samples.ts'
import { longestTask, percentile, startMeter } from '../support/measure.ts'
import type { Stage } from '../support/stage.ts'
import { watchBoot } from '../support/watch-boot.ts'
import { withSite } from '../support/with-site.ts'

/**
 * What issue 6 sets, in time. Not among the tests of every change: on a busy machine they measure
 * the neighbours.
 */
const INTERACTION_P75_MS_MAX = 100
const TASK_MS_MAX = 50
const CARDS = 200
const LINES_PER_SECOND = 1_000
const INTERACTIONS = 40
const STIRS = 5
const TEST_MS = 120_000

const site = withSite()
const say = (text: string): void => void process.stderr.write(`measured: ${text}\n`)

/** Opens the search, types, closes it: a press, keys and a press again. */
async function interact(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Search the log' }).click()
  await page.getByLabel('Search the log').press('z')
  await page.getByLabel('Search the log').press('Backspace')
  await page.getByRole('button', { name: 'Close search' }).click()
}

async function p75OfInteractions(stage: Stage): Promise<number> {
  const meter = await startMeter(stage.page)
  for (let done = 0; done < INTERACTIONS; done += 4) {
    await interact(stage.page)
  }
  await stage.settle()
  const { interactions } = await meter.read()
  // What took less than 16 ms is not reported by the browser, and counts as fast.
  const fast = Array.from({ length: Math.max(0, INTERACTIONS - interactions.length) }, () => 8)
  return percentile([...interactions, ...fast], 0.75)
}

describe('the speed of the dashboard', () => {
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
        say(`interaction p75 ${flooded} ms in the flood, ${quiet} ms without`)
        expect(flooded).toBeLessThanOrEqual(INTERACTION_P75_MS_MAX)
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
})
