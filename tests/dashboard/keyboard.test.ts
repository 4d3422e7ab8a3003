import { describe, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { until } from '../e2e/support/until.ts'
import { SHELF } from './scenes/samples.ts'
import type { Stage } from './support/stage.ts'
import { withSite } from './support/with-site.ts'

const TEST_MS = 90_000
/** More stops than any page has. */
const TABS_MAX = 60
const site = withSite()

/** What has the focus: its name, and whether it shows that it has it. */
function focused(page: Page): Promise<{ name: string; isShown: boolean }> {
  return page.evaluate(() => {
    const element = document.activeElement ?? document.body
    // A card's radio button lies over its label, and the label wears the ring.
    const wearers = [element, element.closest('label')].filter((one) => one !== null)
    const isShown = wearers.some((one) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(one)
      return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1
    })
    const name = element.getAttribute('aria-label') ?? element.textContent ?? ''
    return { name: name.trim(), isShown }
  })
}

/** Tab by Tab to a thing, as someone without a mouse gets there. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let tabs = 0; tabs < TABS_MAX; tabs += 1) {
    await page.keyboard.press('Tab')
    if (name.test((await focused(page)).name)) return
  }
  throw new Error(`no Tab leads to ${name}`)
}

async function logInByKeys({ page, email }: Stage, to: string): Promise<void> {
  await page.goto(to)
  await page.getByRole('button', { name: 'Log in', disabled: false }).waitFor()
  await page.getByLabel('Email').focus()
  await page.keyboard.type(email)
  await page.keyboard.press('Tab')
  await page.keyboard.type('vessel-demo')
  await page.keyboard.press('Enter')
}

describe('the keyboard alone', () => {
  it(
    'leads from the login through a new project and the editor and back',
    () =>
      site.stage('whole path by keys', async (stage) => {
        const { page } = stage
        await logInByKeys(stage, stage.url('/login'))
        await page.getByText('Your first project').waitFor()

        await page.keyboard.press('n')
        await page.getByRole('dialog', { name: 'New project' }).waitFor()
        await page.keyboard.type('By keys')
        await page.keyboard.press('Tab')
        await page.keyboard.press('ArrowDown')
        await page.keyboard.press('Enter')
        const card = page.getByRole('article', { name: 'By keys' })
        const hasFocus = () =>
          card.evaluate((own) => own.contains(document.activeElement)).catch(() => false)
        await until('the new project to have the focus', hasFocus)
        expect((await focused(page)).name).toBe('Open')

        await page.keyboard.press('Control+k')
        await page.getByRole('combobox').waitFor()
        await page.keyboard.type('open keys')
        await page.getByRole('option', { name: 'Open By keys' }).waitFor()
        await page.keyboard.press('Enter')
        await page.getByRole('log', { name: 'Boot log' }).waitFor()
        await page.getByRole('toolbar', { name: 'Session' }).waitFor()

        await tabTo(page, /^Save & Exit$/)
        await page.keyboard.press('Enter')
        await page.waitForURL('**/projects')
        await page.getByRole('article', { name: 'By keys' }).getByText('Saved').first().waitFor()
      }),
    TEST_MS,
  )

  it(
    'shows where it is at every stop of the projects page',
    () =>
      site.stage('focus is shown', async (stage) => {
        const { page } = stage
        for (const wish of SHELF) await stage.mock.project(stage.email, wish)
        await stage.enter('/projects')
        await page.getByRole('article').first().waitFor()
        const hidden: string[] = []
        for (let stop = 0; stop < TABS_MAX; stop += 1) {
          await page.keyboard.press('Tab')
          if (await page.evaluate(() => document.activeElement === document.body)) break
          const { name, isShown } = await focused(page)
          if (!isShown) hidden.push(name)
        }
        expect(hidden).toEqual([])
      }),
    TEST_MS,
  )

  it(
    'goes from project to project by arrows, and stays on the same button',
    () =>
      site.stage('arrows', async (stage) => {
        const { page } = stage
        for (const name of ['Four', 'Three', 'Two', 'One']) {
          await stage.mock.project(stage.email, { name })
        }
        await stage.enter('/projects')
        await page.getByRole('article', { name: 'One' }).waitFor()
        const place = () =>
          page.evaluate(() => document.activeElement?.closest('article')?.ariaLabel ?? 'none')
        const order = await page
          .getByRole('article')
          .evaluateAll((all) => all.map((card) => card.getAttribute('aria-label')))
        await page.getByRole('article').first().getByRole('button', { name: 'Open' }).focus()
        await page.keyboard.press('ArrowRight')
        expect(await place()).toBe(order[1])
        await page.keyboard.press('ArrowLeft')
        await page.keyboard.press('ArrowDown')
        expect(await place()).toBe(order[3])
        expect((await focused(page)).name).toBe('Open')
        // A menu has its arrows to itself.
        await page.keyboard.press('Shift+Tab')
        await page.keyboard.press('ArrowDown')
        await page.getByRole('menu').waitFor()
        await page.keyboard.press('Escape')
        await page.getByRole('menu').waitFor({ state: 'detached' })
        await until('the focus on its card again', async () => (await place()) === order[3])
      }),
    TEST_MS,
  )

  it(
    'takes back a deletion',
    () =>
      site.stage('undo by keys', async (stage) => {
        const { page } = stage
        await stage.mock.project(stage.email, { name: 'Scratch' })
        await stage.enter('/projects')
        const card = page.getByRole('article', { name: 'Scratch' })
        await card.waitFor()
        await tabTo(page, /^More actions$/)
        await page.keyboard.press('Enter')
        await page.getByRole('menu').waitFor()
        await page.locator('[role="menuitem"][data-highlighted]').waitFor()
        await page.keyboard.press('End')
        await page.locator('[role="menuitem"][data-highlighted]', { hasText: 'Delete' }).waitFor()
        await page.keyboard.press('Enter')
        await card.waitFor({ state: 'detached' })
        // F8 is where notices are reached from anywhere.
        await page.keyboard.press('F8')
        await tabTo(page, /^Undo$/)
        await page.keyboard.press('Enter')
        await card.waitFor()
      }),
    TEST_MS,
  )

  it(
    'brings back what was deleted long before the notice went away',
    () =>
      site.stage('recently deleted', async (stage) => {
        const { page } = stage
        const deletedAt = new Date(Date.now() - 3_600_000).toISOString()
        await stage.mock.project(stage.email, { name: 'Old thesis', deletedAt })
        await stage.enter('/projects')
        await tabTo(page, /^Recently deleted$/)
        await page.keyboard.press('Enter')
        await page.getByRole('button', { name: 'Bring back Old thesis' }).press('Enter')
        await page.getByText('Old thesis is back').first().waitFor()
        // Escape is for the dialog: a notice that came in between does not take it.
        await page.keyboard.press('Escape')
        await page.getByRole('article', { name: 'Old thesis' }).waitFor()
        expect(await page.getByText('Old thesis is back').isVisible()).toBe(true)
      }),
    TEST_MS,
  )
})

describe('the focus', () => {
  const focusedIs = (page: Page, name: RegExp) =>
    until(`the focus on ${name}`, async () => name.test((await focused(page)).name))

  it(
    'goes back to where a dialog, the palette or a menu was opened from',
    () =>
      site.stage('focus return', async (stage) => {
        const { page } = stage
        await stage.mock.project(stage.email, { name: 'Scratch' })
        await stage.enter('/projects')
        await page.getByRole('article').first().waitFor()
        for (const name of ['New project', 'Recently deleted', 'Search projects and actions']) {
          await page.getByRole('button', { name }).press('Enter')
          await page.getByRole('dialog').waitFor()
          await page.keyboard.press('Escape')
          await page.getByRole('dialog').waitFor({ state: 'detached' })
          await focusedIs(page, new RegExp(`^${name}`))
        }
        await page.getByRole('button', { name: 'More actions' }).press('Enter')
        await page.getByRole('menuitem', { name: 'Rename' }).press('Enter')
        await page.getByRole('dialog', { name: 'Rename project' }).waitFor()
        await page.keyboard.press('Escape')
        await page.getByRole('dialog').waitFor({ state: 'detached' })
        await focusedIs(page, /^More actions$/)
      }),
    TEST_MS,
  )
})

describe('a wish for less motion', () => {
  it(
    'is respected on every page: nothing moves for longer than a moment',
    () =>
      site.stage('reduced motion', async (stage) => {
        for (const wish of SHELF) await stage.mock.project(stage.email, wish)
        const longestMs = () =>
          stage.page.evaluate(() => {
            const ends = document.getAnimations().map((animation) => {
              const { duration, iterations } = animation.effect?.getComputedTiming() ?? {}
              return Number(duration ?? 0) * (iterations ?? 1)
            })
            return Math.max(0, ...ends)
          })
        await stage.enter('/projects')
        await stage.page.getByRole('article').first().waitFor()
        expect(await longestMs()).toBeLessThanOrEqual(1)
        await stage.page.getByRole('article', { name: 'Forecast' }).getByText('Open').click()
        await stage.page.getByRole('log', { name: 'Boot log' }).waitFor()
        expect(await longestMs()).toBeLessThanOrEqual(1)
      }),
    TEST_MS,
  )
})
