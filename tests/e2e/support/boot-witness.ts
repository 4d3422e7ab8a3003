import type { Page } from 'playwright-core'

/** What a person who never blinks would have seen in the boot log. */
export interface BootSightings {
  /** `bootId:seq` of every line that was ever on screen. */
  readonly lines: readonly string[]
  /** Lines that stood there twice at the same moment. */
  readonly doubled: readonly string[]
  /** Lines that stood above one of a lower number of the same boot. */
  readonly disordered: readonly string[]
  readonly gaps: readonly string[]
}

interface Witness {
  lines: Set<string>
  doubled: Set<string>
  disordered: Set<string>
  gaps: Set<string>
}

/** Watches every page of this tab from its first script on, reloads included. */
export async function witnessBoots(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const holder = window as unknown as { bootWitness: Witness }
    const seen: Witness = {
      lines: new Set(),
      doubled: new Set(),
      disordered: new Set(),
      gaps: new Set(),
    }
    holder.bootWitness = seen
    const look = () => {
      const now = new Set<string>()
      const newest = new Map<string, number>()
      for (const element of document.querySelectorAll('[role="log"] [data-seq]')) {
        const boot = element.getAttribute('data-boot-id') ?? ''
        const seq = Number(element.getAttribute('data-seq'))
        const place = `${boot}:${seq}`
        if (now.has(place)) seen.doubled.add(place)
        if ((newest.get(boot) ?? 0) > seq) seen.disordered.add(place)
        newest.set(boot, seq)
        now.add(place)
        seen.lines.add(place)
      }
      for (const gap of document.querySelectorAll('[role="log"] [data-gap]')) {
        seen.gaps.add(gap.getAttribute('data-gap') ?? '')
      }
    }
    new MutationObserver(look).observe(document, { childList: true, subtree: true })
  })
}

export function sightings(page: Page): Promise<BootSightings> {
  return page.evaluate(() => {
    const { bootWitness } = window as unknown as { bootWitness: Witness }
    return {
      lines: [...bootWitness.lines],
      doubled: [...bootWitness.doubled],
      disordered: [...bootWitness.disordered],
      gaps: [...bootWitness.gaps],
    }
  })
}
