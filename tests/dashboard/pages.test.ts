import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { launchChromium, withPicture } from '../e2e/support/chromium.ts'
import { SCENES } from './scenes/all.ts'
import { axeViolations } from './support/axe.ts'
import { type Site, startSite } from './support/site.ts'
import { LOOKS, openStage } from './support/stage.ts'

const START_MS = 300_000
const SCENE_MS = 60_000

let site: Site
let browser: Browser

beforeAll(async () => {
  site = await startSite()
  browser = await launchChromium()
}, START_MS)

afterAll(async () => {
  await browser?.close()
  await site?.close()
})

/** By size and scheme: what axe finds, and by how much the page is wider than the screen. */
async function findings(scene: (typeof SCENES)[number]): Promise<string[]> {
  const stage = await openStage(browser, site, scene.name ? { name: scene.name } : {})
  const found: string[] = []
  try {
    await withPicture(stage.page, `${scene.page} ${scene.state}`, async () => {
      await scene.show(stage)
      for (const look of LOOKS) {
        await stage.put(look)
        await scene.again?.(stage)
        const place = `${look.width} ${look.scheme}`
        const violations = await axeViolations(stage.page, look.scheme === 'dark')
        found.push(...violations.map((violation) => `${place}: ${violation}`))
        const tooWidePx = await stage.page.evaluate(() => {
          const { scrollWidth, clientWidth } = document.documentElement
          return scrollWidth - clientWidth
        })
        if (tooWidePx > 0) found.push(`${place}: ${tooWidePx} px wider than the screen`)
      }
    })
    found.push(...stage.strayRequests.map((url) => `a request went out to ${url}`))
  } finally {
    await stage.close()
  }
  return found
}

describe.each([...new Set(SCENES.map(({ page }) => page))])('the %s page', (name) => {
  const scenes = SCENES.filter(({ page }) => page === name)
  it.each(scenes)(
    'is accessible and fits every screen, light and dark: $state',
    async (scene) => expect(await findings(scene)).toEqual([]),
    SCENE_MS,
  )
})
