import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What the issue asks for: WCAG 2.2 AA, and what axe holds to be good practice. */
const EVERY_RULE = {
  type: 'tag',
  values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
}
/** A menu hangs at the end of the page while it is open; it needs no landmark of its own. */
const isOpenMenu = (html: string): boolean => html.includes('data-radix-popper-co')

/** Each violation in one line: the rule, what it means, where. */
export async function axeViolations(page: Page): Promise<string[]> {
  const isThere = await page.evaluate(() => 'axe' in window)
  if (!isThere) await page.evaluate(source)
  const { violations } = await page.evaluate(async (runOnly) => {
    const { axe } = window as unknown as {
      axe: { run: (context: Document, options: unknown) => Promise<AxeResults> }
    }
    // What runs in the workspace's frame is not ours to judge.
    return axe.run(document, { iframes: false, resultTypes: ['violations'], runOnly })
  }, EVERY_RULE)
  return violations.flatMap(({ id, help, nodes }) =>
    nodes
      .filter(({ html }) => id !== 'region' || !isOpenMenu(html))
      .map(({ any, html }) => `${id}: ${any[0]?.message ?? help} – ${html.slice(0, 160)}`),
  )
}
