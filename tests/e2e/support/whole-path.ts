import { randomUUID } from 'node:crypto'
import { expect } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { openPage, withPicture } from './chromium.ts'
import { Dashboard } from './dashboard.ts'
import type { Product } from './product.ts'

// In single quotes: between double ones an interactive shell takes `!` for its history.
const SCRIPT = "printf '#!/bin/sh\\necho it-runs\\n' > tool.sh && chmod 755 tool.sh"
const LINK = 'ln -s tool.sh link.sh'
const ECHO = 'echo vessel-$((6*7)) > echoed.txt'
const CHECK = './link.sh > ran.txt; test -L link.sh && stat -c %a tool.sh >> ran.txt'

/** VS Code starts its terminals' own process at the first of them, late on a busy machine. */
const TERMINAL_MS = 180_000

/** Signs up, works, leaves, comes back: what Vessel is for. */
export async function wholePath(
  product: Product,
  browser: Browser,
  patienceMs?: number,
): Promise<void> {
  const { page, context, strayRequests } = await openPage(browser)
  const dashboard = new Dashboard(page, product.urls.dashboard, patienceMs)
  const name = `Path ${randomUUID().slice(0, 8)}`

  await withPicture(page, 'whole-path', async () => {
    await dashboard.signUp({ email: `${randomUUID()}@vessel.test`, password: randomUUID() })
    await dashboard.createProject(name, 'node')
    await dashboard.open(name)

    const first = await dashboard.vscode()
    await first.waitForFile('README.md')
    await first.writeFile('typed.txt', 'made in the editor')
    await first.openTerminal()
    await first.typeInTerminal(`${ECHO} && ${SCRIPT} && ${LINK}`)
    await first.waitForFile('link.sh', TERMINAL_MS)
    expect(await first.readFile('echoed.txt')).toBe('vessel-42\n')

    await dashboard.saveAndExit()
    await dashboard.card(name).getByText(/saved/i).first().waitFor()

    await dashboard.open(name)
    const second = await dashboard.vscode()
    await second.waitForFile('typed.txt')
    expect(await second.readFile('typed.txt')).toBe('made in the editor')
    await second.openTerminal()
    await second.typeInTerminal(CHECK)
    await second.waitForFile('ran.txt', TERMINAL_MS)
    expect(await second.readFile('ran.txt')).toBe('it-runs\n755\n')

    await dashboard.saveAndExit()
    expect(strayRequests).toEqual([])
  })
  await context.close()
}
