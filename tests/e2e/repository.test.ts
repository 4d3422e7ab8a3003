import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type GitServer, startGitServer } from '@vessel/guest-agent/testing/git-server'
import type { Browser } from 'playwright-core'
import { launchChromium, openPage, withPicture } from './support/chromium.ts'
import { Dashboard } from './support/dashboard.ts'
import { type Product, startProduct } from './support/product.ts'

const START_MS = 300_000
const RUN_MS = 240_000
const TOKEN = 'a-secret-of-the-owner'

let product: Product
let browser: Browser
let folder: string
let server: GitServer

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vessel-git-'))
  server = await startGitServer({ folder, token: TOKEN })
  product = await startProduct()
  browser = await launchChromium()
}, START_MS)

afterAll(async () => {
  await browser?.close()
  await product?.stop()
  await server?.stop()
  await rm(folder, { recursive: true, force: true })
}, START_MS)

describe('a project from a private repository', () => {
  it(
    'opens with its files, comes back from what was saved, and tells no log its token',
    async () => {
      const { page, context } = await openPage(browser)
      const dashboard = new Dashboard(page, product.urls.dashboard)
      await withPicture(page, 'repository', async () => {
        await dashboard.signUp({ email: `${randomUUID()}@vessel.test`, password: randomUUID() })
        const name = await dashboard.createFromRepository({ url: server.url, token: TOKEN })
        expect(name).toBe('served')
        await dashboard.open(name)
        const first = await dashboard.vscode()
        await first.waitForFile('README.md')
        expect(await first.readFile('README.md')).toBe('from the repository\n')
        await first.writeFile('mine.txt', 'mine')
        await dashboard.saveAndExit()

        // From the save: the repository may be gone by then.
        await server.stop()
        await dashboard.open(name)
        const second = await dashboard.vscode()
        await second.waitForFile('mine.txt')
        expect(await second.readFile('README.md')).toBe('from the repository\n')
        await dashboard.saveAndExit()
      })
      expect(product.log()).not.toContain(TOKEN)
      await context.close()
    },
    RUN_MS,
  )
})
