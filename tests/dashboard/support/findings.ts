import { axeViolations } from './axe.ts'
import type { Look, Stage } from './stage.ts'

/** By size and scheme: what axe finds, and by how much the page is wider than the screen. */
export async function findings(stage: Stage, look: Look): Promise<string[]> {
  const place = `${look.width} ${look.scheme}`
  const found = await axeViolations(stage.page)
  const tooWidePx = await stage.page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    return scrollWidth - clientWidth
  })
  if (tooWidePx > 0) found.push(`${tooWidePx} px wider than the screen`)
  return found.map((finding) => `${place}: ${finding}`)
}
