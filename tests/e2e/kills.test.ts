import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createClient } from '@supabase/supabase-js'
import type { Browser } from 'playwright-core'
import { closingAfter } from '../support/closing.ts'
import { sightings, witnessBoots } from './support/boot-witness.ts'
import { launchChromium, openPage, withPicture } from './support/chromium.ts'
import { Dashboard } from './support/dashboard.ts'
import { historyOf } from './support/history.ts'
import { type Product, startProduct } from './support/product.ts'
import { until } from './support/until.ts'

const VICTIMS = ['orchestrator', 'agent', 'nats', 'redis'] as const
type Victim = (typeof VICTIMS)[number]

const START_MS = 300_000
const RUN_MS = 240_000
/** The bar of the issue: usable, or failed with a reason, within this. */
const HEAL_MS = 60_000

let product: Product
let browser: Browser

beforeAll(async () => {
  product = await startProduct()
  browser = await launchChromium()
}, START_MS)

afterAll(async () => {
  await browser?.close()
  await product?.stop()
}, START_MS)

async function withProject(work: (dashboard: Dashboard, name: string) => Promise<void>) {
  const { page, context } = await openPage(browser)
  await witnessBoots(page)
  const dashboard = new Dashboard(page, product.urls.dashboard)
  const name = `Kill ${randomUUID().slice(0, 8)}`
  const visit = async () => {
    await dashboard.signUp({ email: `${randomUUID()}@vessel.test`, password: randomUUID() })
    await dashboard.createProject(name, 'node')
    await work(dashboard, name)
  }
  await closingAfter(
    () => withPicture(page, 'kills', visit),
    () => context.close(),
  )
}

async function killAndRestart(victim: Victim): Promise<void> {
  await product.kill(victim)
  await product.restart(victim)
}

/** The live session of the project on screen, as the page's address names it. */
async function sessionOnScreen(dashboard: Dashboard): Promise<string> {
  const projectId = new URL(dashboard.page.url()).pathname.split('/').at(-1) ?? ''
  const db = createClient(product.urls.supabase, product.keys.supabaseServiceRoleKey)
  const { data } = await db
    .from('sessions')
    .select('id')
    .eq('project_id', projectId)
    .order('created_at', { ascending: false })
    .limit(1)
  return String(data?.[0]?.id)
}

/**
 * Every line of the stream was on screen, and nothing twice, out of order or missing. A page that
 * was cut off until the machine was up goes straight to the editor: then there was no hole before
 * the last line it did show.
 */
async function expectWholeStory(
  dashboard: Dashboard,
  { session, wasCutOff }: { session: string; wasCutOff: boolean },
): Promise<void> {
  const seen = await sightings(dashboard.page)
  expect({ doubled: seen.doubled, disordered: seen.disordered, gaps: seen.gaps }).toEqual({
    doubled: [],
    disordered: [],
    gaps: [],
  })
  const history = await historyOf(product, session)
  const end = history.findIndex(({ kind }) => kind === 'event')
  const told = history.slice(0, end === -1 ? undefined : end)
  const lines = told.filter(({ kind }) => kind === 'line')
  expect(lines.length).toBeGreaterThan(0)
  const places = lines.map(({ bootId, seq }) => `${bootId}:${seq}`)
  const last = places.findLastIndex((place) => seen.lines.includes(place))
  const due = wasCutOff ? places.slice(0, last + 1) : places
  expect(due.filter((place) => !seen.lines.includes(place))).toEqual([])
}

describe('kill -9 of one service, and its restart', () => {
  it.each(VICTIMS)(
    'of %s leaves a ready session usable and the page connected',
    (victim) =>
      withProject(async (dashboard, name) => {
        await dashboard.open(name)
        const editor = await dashboard.vscode()
        await editor.waitForFile('README.md')
        await killAndRestart(victim)

        await dashboard.light('green').waitFor({ timeout: HEAL_MS })
        await editor.writeFile(`after-${victim}.txt`, 'still here')
        await dashboard.saveAndExit()
        await dashboard.open(name)
        const again = await dashboard.vscode()
        await again.waitForFile(`after-${victim}.txt`, HEAL_MS)
        await dashboard.saveAndExit()
      }),
    RUN_MS,
  )

  it.each(VICTIMS)(
    'of %s during a boot ends in an editor or a reason, and no line is lost or doubled',
    (victim) =>
      withProject(async (dashboard, name) => {
        await dashboard.open(name)
        await until('the first line of the boot', async () => {
          return (await sightings(dashboard.page)).lines.length > 0
        })
        const session = await sessionOnScreen(dashboard)
        await killAndRestart(victim)

        const outcome = await dashboard.bootOutcome(HEAL_MS)
        if (outcome === 'failed') {
          expect(await dashboard.failure.textContent()).toMatch(/\w+ \w+/)
        }
        await expectWholeStory(dashboard, { session, wasCutOff: victim === 'orchestrator' })
      }),
    RUN_MS,
  )
})
