import { describe, expect, it } from '@jest/globals'
import { closingAfter } from '../support/closing.ts'
import { HALF_BOOT, IDE_FAILURE, line, minutesAgo, step } from './scenes/samples.ts'
import type { Stage } from './support/stage.ts'
import { seqsOf, watchBoot } from './support/watch-boot.ts'
import { withSite } from './support/with-site.ts'

const TEST_MS = 60_000
const site = withSite()

const log = ({ page }: Stage) => page.getByRole('log', { name: 'Boot log' })
const newest = ({ page }: Stage) => page.getByRole('button', { name: 'Newest lines' })

describe('the boot screen', () => {
  it(
    'shows no time for a step that was skipped',
    () =>
      site.stage('skipped step', async (stage) => {
        const id = await watchBoot(stage)
        await stage.mock.feed(id, HALF_BOOT)
        const skipped = stage.page.locator('[data-step="journal"][data-state="skipped"]')
        await skipped.first().waitFor()
        expect(await skipped.first().textContent()).toBe('Reserving roomnot needed')
      }),
    TEST_MS,
  )

  it(
    'has every line after a cut in the middle, in order and once',
    () =>
      site.stage('cut in the middle', async (stage) => {
        const id = await watchBoot(stage)
        await stage.mock.feed(id, HALF_BOOT)
        await stage.page.getByText('telemetry is disabled').waitFor()
        await stage.goOffline()
        await stage.page.locator('[data-light="red"]').waitFor()
        await stage.mock.feed(
          id,
          Array.from({ length: 300 }, (_, index) => line(`missed ${index}`)),
        )
        await stage.context.setOffline(false)
        await stage.page.locator('[data-light="green"]').waitFor()
        await stage.page.getByText('missed 299').waitFor()
        const shown = await seqsOf(stage)
        const inOrder = [...new Set(shown)].sort((a, b) => a - b)
        expect(shown).toEqual(inOrder)
        expect(shown.length).toBe(HALF_BOOT.filter(({ kind }) => kind === 'line').length + 300)
        expect(await log(stage).locator('[data-gap]').count()).toBe(0)
      }),
    TEST_MS,
  )

  it(
    'goes on by asking while no live connection can be made',
    () =>
      site.stage('polling', async (stage) => {
        const id = await watchBoot(stage)
        await stage.mock.deaf()
        const watch = async () => {
          await stage.page.locator('[data-light="yellow"], [data-light="red"]').first().waitFor()
          await stage.mock.session(id, { state: 'failed', failure: IDE_FAILURE })
          await stage.page.getByText('It did not start').waitFor()
        }
        await closingAfter(watch, () => stage.mock.hear())
        await stage.page.locator('[data-light="green"]').waitFor()
      }),
    TEST_MS,
  )

  it(
    'stays where the reader is, and follows again when they come back',
    () =>
      site.stage('scrolling', async (stage) => {
        const id = await watchBoot(stage)
        await stage.mock.flood(id, { rate: 5_000, lines: 2_000 })
        await stage.page.getByText('package-1999 ').waitFor()
        await log(stage).hover()
        await stage.page.mouse.wheel(0, -4_000)
        await newest(stage).waitFor()
        const scrolled = () => log(stage).evaluate((box) => Math.round(box.scrollTop))
        const before = await scrolled()
        await stage.mock.feed(id, [line('a new line at the end')])
        await stage.page.getByText('a new line at the end').waitFor({ state: 'attached' })
        expect(Math.abs((await scrolled()) - before)).toBeLessThan(2)
        await newest(stage).click()
        await newest(stage).waitFor({ state: 'detached' })
        expect(await stage.page.getByText('a new line at the end').isVisible()).toBe(true)
      }),
    TEST_MS,
  )

  it(
    'loads what fell away at the top, and lets it go at the end',
    () =>
      site.stage('earlier lines', async (stage) => {
        const id = await watchBoot(stage)
        await stage.mock.flood(id, { rate: 20_000, lines: 12_500 })
        await stage.page.getByText('package-12499 ').waitFor()
        await log(stage).focus()
        await stage.page.keyboard.press('Home')
        await stage.page.getByText(/2,500 earlier lines/).waitFor()
        await stage.page.getByRole('button', { name: 'Load earlier' }).click()
        await stage.page.getByText(/\b500 earlier lines/).waitFor()
        await stage.page.getByRole('button', { name: 'Load earlier' }).click()
        await stage.page.getByText(/earlier lines/).waitFor({ state: 'detached' })
        await log(stage).evaluate((box) => box.scrollTo(0, 0))
        await stage.page.getByText('package-0 ').waitFor()
        await newest(stage).click()
        await stage.page.getByText(/2,500 earlier lines/).waitFor({ state: 'attached' })
      }),
    TEST_MS,
  )

  it(
    'finds text in lines that are not drawn, newest first',
    () =>
      site.stage('search', async (stage) => {
        const id = await watchBoot(stage)
        await stage.mock.feed(id, [line('the needle, early')])
        await stage.mock.flood(id, { rate: 10_000, lines: 4_000 })
        await stage.page.getByText('package-3999 ').waitFor()
        await stage.mock.feed(id, [line('the needle, late')])
        await stage.page.keyboard.press('/')
        await stage.page.getByLabel('Search the log').fill('NEEDLE')
        await stage.page.getByText('2 of 2').waitFor()
        await stage.page.keyboard.press('Enter')
        await stage.page.getByText('1 of 2').waitFor()
        const early = stage.page.locator('[data-row]', { hasText: 'the needle, early' })
        await early.waitFor()
        expect(await early.locator('mark').textContent()).toBe('needle')
        await stage.page.keyboard.press('Escape')
        expect(await stage.page.locator('mark').count()).toBe(0)
      }),
    TEST_MS,
  )

  it(
    'tells of a failure the step, its time, the reason and the last lines, and reports it',
    () =>
      site.stage('failure', async (stage) => {
        const id = await watchBoot(stage)
        await stage.mock.feed(id, [...HALF_BOOT, line('Error: EADDRINUSE', 'error')])
        await stage.mock.feed(id, [step('ide', 'failed', 4_211)])
        await stage.mock.session(id, { state: 'failed', failure: IDE_FAILURE })
        const { page } = stage
        await page.getByText('Starting VS Code failed after 4.2 s.').waitFor()
        await page.getByRole('note', { name: 'Last lines' }).getByText('EADDRINUSE').waitFor()
        await page.getByRole('button', { name: 'Report' }).click()
        await page.getByRole('button', { name: 'Copy report' }).click()
        await page.getByRole('button', { name: 'Copied' }).waitFor()
        const copied = await page.evaluate(() => navigator.clipboard.readText())
        expect(copied).toContain('IDE_FAILED')
        expect(copied).toContain('Error: EADDRINUSE')
      }),
    TEST_MS,
  )

  it(
    'says the place in the queue as it changes, and when there is no host at all',
    () =>
      site.stage('queue', async (stage) => {
        const id = await watchBoot(stage)
        await stage.mock.session(id, { state: 'placing', queuePosition: 3 })
        await stage.page.getByText('no. 3 in the queue').waitFor()
        await stage.mock.session(id, { queuePosition: 1 })
        await stage.page.getByText('you are next').waitFor()
        await stage.mock.session(id, { waitsFor: 'host' })
        await stage.page.getByText('No host is connected').waitFor()
        await stage.page.getByText('Whoever runs this server has to start one').waitFor()
        await stage.mock.session(id, { waitsFor: 'room' })
        await stage.page.getByText('you are next').waitFor()
      }),
    TEST_MS,
  )

  it(
    'knows from the boots before how long this one may take',
    () =>
      site.stage('progress', async (stage) => {
        const { page } = stage
        const id = await watchBoot(stage)
        await stage.mock.feed(id, [
          ...HALF_BOOT,
          step('ide', 'done', 9_000),
          step('route', 'done', 40),
        ])
        await stage.mock.session(id, { state: 'ready', readyAt: minutesAgo(0) })
        await page.getByRole('toolbar', { name: 'Session' }).waitFor()
        await stage.mock.session(id, { state: 'stopped', endReason: 'user_exit' })
        await page.getByRole('button', { name: 'Open again' }).click()
        await page.getByText(/about \d+ s left/).waitFor()
      }),
    TEST_MS,
  )
})
