import { describe, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { until } from '../e2e/support/until.ts'
import { openEditor } from './support/open-editor.ts'
import { withSite } from './support/with-site.ts'

const TEST_MS = 90_000
const site = withSite()

const titleIs = (page: Page, title: string) =>
  until(`the title ${title}`, async () => (await page.title()) === title)
const iconOf = (page: Page) =>
  page.locator('link[rel="icon"]').evaluate((link) => (link as HTMLLinkElement).href)

describe('the tab of a project among others', () => {
  it(
    'tells by its title and its icon how the project stands',
    () =>
      site.stage('tab face', async (stage) => {
        const { page, mock } = stage
        const id = await openEditor(stage)
        await titleIs(page, 'Storefront API · Vessel')
        const running = await iconOf(page)
        expect(running).toMatch(/^data:image\/svg/)

        await mock.session(id, { state: 'saving' })
        await titleIs(page, 'Saving · Storefront API · Vessel')
        const saving = await iconOf(page)
        expect(saving).toMatch(/^data:image\/svg/)
        expect(saving).not.toBe(running)

        await mock.session(id, { state: 'stopped', endReason: 'idle' })
        await titleIs(page, 'Storefront API · Vessel')
        await page.getByRole('link', { name: 'Back to projects' }).click()
        await titleIs(page, 'Projects · Vessel')
        expect(await iconOf(page)).toMatch(/\/icon\.svg/)
        await page.getByRole('link', { name: 'Storefront API' }).click()
        await titleIs(page, 'Storefront API · Vessel')
      }),
    TEST_MS,
  )
})
