import { randomUUID } from 'node:crypto'
import type { Browser } from 'playwright-core'
import { openPage, withPicture } from './chromium.ts'
import { Dashboard } from './dashboard.ts'
import type { Product } from './product.ts'

/** VS Code asks a service worker for what a preview shows, and Chromium denies one to our frame. */
export async function previewInOwnTab(product: Product, browser: Browser): Promise<void> {
  const { page, context } = await openPage(browser)
  const dashboard = new Dashboard(page, product.urls.dashboard)
  await dashboard.signUp({ email: `${randomUUID()}@vessel.test`, password: randomUUID() })
  await dashboard.createProject('Own tab', 'node')
  await dashboard.open('Own tab')
  await (await dashboard.vscode()).waitForFile('README.md')

  const { tab, vscode } = await dashboard.openInOwnTab()
  await withPicture(tab, 'own-tab', async () => {
    await vscode.waitForFile('README.md')
    await vscode.readFile('README.md')
    await tab.keyboard.press('Control+Shift+v')
    const preview = tab.frameLocator('iframe.webview.ready').frameLocator('#active-frame')
    await preview.getByRole('heading', { name: 'Node.js' }).waitFor()
  })
  await dashboard.saveAndExit()
  await context.close()
}
