import { describe, expect, it } from '@jest/globals'
import { openEditor } from './support/open-editor.ts'
import type { Stage } from './support/stage.ts'
import { withSite } from './support/with-site.ts'

const TEST_MS = 90_000
const site = withSite()

async function chooseOwnTab({ page }: Stage): Promise<void> {
  await page.getByRole('toolbar').getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Open in its own tab' }).click()
}

describe('a workspace in a tab of its own', () => {
  it(
    'is opened by a ticket of its own, and cannot reach the page it came from',
    () =>
      site.stage('own tab', async (stage) => {
        await openEditor(stage)
        const opened = stage.context.waitForEvent('page')
        await chooseOwnTab(stage)
        const tab = await opened
        await tab.waitForURL('**/_vessel/enter**')
        expect(await tab.evaluate(() => window.opener === null)).toBe(true)
        // The one in the frame goes on.
        const frame = stage.page.frameLocator('iframe[title="VS Code"]')
        expect(await frame.getByText('EXPLORER').isVisible()).toBe(true)
      }),
    TEST_MS,
  )

  it(
    'leaves no empty tab behind where it is refused',
    () =>
      site.stage('own tab refused', async (stage) => {
        await openEditor(stage)
        await stage.mock.refuse(stage.email, '/ticket', 'OVERLOADED')
        const opened = stage.context.waitForEvent('page')
        await chooseOwnTab(stage)
        const tab = await opened
        if (!tab.isClosed()) await tab.waitForEvent('close')
        await stage.page.getByRole('alert').first().waitFor()
      }),
    TEST_MS,
  )
})
