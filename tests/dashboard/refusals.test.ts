import { describe, expect, it } from '@jest/globals'
import { ENTER_PATH, ENTERED_PATH } from '@vessel/proto/headers'
import { inMinutes, minutesAgo } from './scenes/samples.ts'
import { openEditor } from './support/open-editor.ts'
import type { Stage } from './support/stage.ts'
import { withSite } from './support/with-site.ts'

const TEST_MS = 60_000
const site = withSite()

interface Deed {
  readonly deed: string
  /** What the API is asked for: refused once, then done. */
  readonly path: string
  /** Goes where the deed can be done. */
  readonly show: (stage: Stage) => Promise<void>
  readonly press: (stage: Stage) => Promise<void>
  /** Waits for what is to be seen when it was done. */
  readonly seeDone: (stage: Stage) => Promise<void>
}

const DEEDS: readonly Deed[] = [
  {
    deed: 'another device that is to be signed out',
    path: '/api/account/logins/',
    show: (stage) => stage.enter('/account'),
    press: ({ page }) => page.getByRole('button', { name: /^Sign out .* on / }).click(),
    seeDone: ({ page }) => page.getByText('was signed out').first().waitFor(),
  },
  {
    deed: 'a token that is to be deleted',
    path: '/api/account/tokens/',
    async show(stage) {
      await stage.enter('/account')
      await stage.page.getByRole('button', { name: 'New token' }).click()
      await stage.page.getByRole('dialog').getByLabel('Name').fill('nightly build')
      await stage.page.getByRole('button', { name: 'Make token' }).click()
      await stage.page.getByRole('button', { name: 'Done' }).click()
    },
    async press({ page }) {
      await page.getByRole('button', { name: 'Delete nightly build' }).click()
      await page.getByRole('button', { name: 'Delete token' }).click()
      await page.getByRole('dialog', { name: 'Delete' }).waitFor({ state: 'detached' })
    },
    seeDone: ({ page }) =>
      page.getByRole('list', { name: 'Tokens' }).waitFor({ state: 'detached' }),
  },
  {
    deed: 'a deleted project that is to come back',
    path: '/undelete',
    async show(stage) {
      const deletedAt = minutesAgo(300)
      await stage.mock.project(stage.email, { name: 'Old thesis', deletedAt })
      await stage.enter('/projects')
      await stage.page.getByRole('button', { name: 'Recently deleted' }).click()
    },
    press: ({ page }) => page.getByRole('button', { name: 'Bring back Old thesis' }).click(),
    seeDone: ({ page }) => page.getByText('Nothing is kept here').waitFor(),
  },
  {
    deed: 'an editor that is to be kept open',
    path: '/api/heartbeat',
    async show(stage) {
      await openEditor(stage, { idleStopAt: inMinutes(4), lastActivityAt: minutesAgo(26) })
    },
    press: ({ page }) => page.getByRole('button', { name: 'Keep working' }).click(),
    seeDone: ({ page }) =>
      page.getByRole('dialog', { name: 'Are you still there?' }).waitFor({ state: 'detached' }),
  },
]

describe('a login that was ended elsewhere', () => {
  it(
    'is asked for anew at once, and the page is live again after it',
    () =>
      site.stage('a login ended elsewhere', async (stage) => {
        const { page, mock } = stage
        await stage.enter('/projects')
        await page.getByText('Live').first().waitFor()
        await mock.expire(stage.email)
        const dialog = page.getByRole('dialog', { name: 'Log in again' })
        await dialog.getByLabel('Password').fill('vessel-demo')
        await dialog.getByRole('button', { name: 'Log in' }).click()
        await dialog.waitFor({ state: 'detached' })
        await page.getByText('Live').first().waitFor()
        await mock.project(stage.email, { name: 'Made meanwhile' })
        await mock.stir(stage.email)
        await page.getByText('Made meanwhile').first().waitFor()
      }),
    TEST_MS,
  )

  it(
    'comes back into the workspace without loading VS Code anew',
    () =>
      site.stage('back in the workspace', async (stage) => {
        const { page, mock } = stage
        await openEditor(stage)
        const editor = page.frameLocator('iframe[title="VS Code"]').locator('body')
        await editor.evaluate((body) => body.setAttribute('data-typed', 'not saved'))
        await mock.expire(stage.email)
        const dialog = page.getByRole('dialog', { name: 'Log in again' })
        await dialog.getByLabel('Password').fill('vessel-demo')
        const entered = page.waitForResponse((response) => {
          const { pathname, searchParams } = new URL(response.url())
          return pathname === ENTER_PATH && searchParams.get('path') === ENTERED_PATH
        })
        await dialog.getByRole('button', { name: 'Log in' }).click()
        await entered
        await page.locator('iframe[title="Returning to VS Code"]').waitFor({ state: 'detached' })
        expect(await editor.getAttribute('data-typed')).toBe('not saved')
      }),
    TEST_MS,
  )
})

describe('what the API refuses', () => {
  it.each(DEEDS)(
    'is told in words and can be tried again: $deed',
    ({ deed, path, show, press, seeDone }) =>
      site.stage(deed, async (stage) => {
        await show(stage)
        await stage.mock.refuse(stage.email, path, 'STORE_DOWN')
        await press(stage)
        await stage.page.getByText('The database cannot be reached.').first().waitFor()
        await stage.mock.mend(stage.email)
        await press(stage)
        await seeDone(stage)
      }),
    TEST_MS,
  )
})
