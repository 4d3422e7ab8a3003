import { afterAll, beforeAll } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { launchChromium, withPicture } from '../../e2e/support/chromium.ts'
import { closingAfter } from '../../support/closing.ts'
import { type Site, startSite } from './site.ts'
import { openStage, type Stage, type StageOptions } from './stage.ts'

/** The first start on a machine builds the dashboard. */
const START_MS = 300_000

export interface SiteOfSuite {
  /** A person of their own for each test; a failure says where its picture is. */
  stage(name: string, body: (stage: Stage) => Promise<void>, options?: StageOptions): Promise<void>
}

/** One site and one browser for all tests of a file. */
export function withSite(): SiteOfSuite {
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

  return {
    async stage(name, body, options = {}) {
      const stage = await openStage(browser, site, options)
      await closingAfter(
        () => withPicture(stage.page, name.replaceAll(/\W+/g, '-'), () => body(stage)),
        () => stage.close(),
      )
    },
  }
}
