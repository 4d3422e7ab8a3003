import { axeViolations } from './axe.ts'
import type { Look, Stage } from './stage.ts'

const PHONE_PX_MAX = 480
/** What a finger hits without aiming. */
const TARGET_PX_MIN = 40

/** Runs in the page. A word within a line of text is no button; a table may be pushed sideways. */
function missedButtons(minPx: number): string[] {
  const buttons = [...document.querySelectorAll<HTMLElement>('button, select, [role="menuitem"]')]
  return buttons.flatMap((button) => {
    const { width, height, left, right } = button.getBoundingClientRect()
    const isShown = button.checkVisibility({ visibilityProperty: true }) && width > 1
    if (!isShown || button.closest('p, table')) return []
    const name = `“${(button.getAttribute('aria-label') ?? button.textContent ?? '').trim()}”`
    const isCut = left < 0 || right > innerWidth
    return [
      ...(Math.round(height) < minPx ? [`${name} is only ${Math.round(height)} px high`] : []),
      ...(isCut ? [`${name} is cut off at the side`] : []),
    ]
  })
}

/** By size and scheme: what axe finds, and what does not fit the screen or the finger. */
export async function findings({ page }: Stage, look: Look): Promise<string[]> {
  const place = `${look.width} ${look.scheme}`
  const found = await axeViolations(page)
  const tooWidePx = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    return scrollWidth - clientWidth
  })
  if (tooWidePx > 0) found.push(`${tooWidePx} px wider than the screen`)
  if (look.width <= PHONE_PX_MAX) found.push(...(await page.evaluate(missedButtons, TARGET_PX_MIN)))
  return found.map((finding) => `${place}: ${finding}`)
}
