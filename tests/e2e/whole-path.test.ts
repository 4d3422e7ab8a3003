import { afterAll, beforeAll, describe, it } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { launchChromium } from './support/chromium.ts'
import { previewInOwnTab } from './support/own-tab.ts'
import { type Product, startProduct } from './support/product.ts'
import { wholePath } from './support/whole-path.ts'

/** `VESSEL_E2E_RUNS=20 make e2e` is the bar of the issue; one run is what every change must pass. */
const RUNS = Number(process.env.VESSEL_E2E_RUNS ?? '1')
const START_MS = 300_000
const RUN_MS = 600_000

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

describe('the whole path', () => {
  it.each(Array.from({ length: RUNS }, (_, index) => index + 1))(
    'works from sign-up to coming back to unchanged files (run %i)',
    () => wholePath(product, browser),
    RUN_MS,
  )
})

describe('VS Code in a tab of its own', () => {
  it('shows what a browser denies to frames', () => previewInOwnTab(product, browser), RUN_MS)
})
