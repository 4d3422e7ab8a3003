import type { Page } from 'playwright-core'

interface Measured {
  /** Longest event of each interaction, in milliseconds. */
  readonly interactions: readonly number[]
  /** Tasks that kept the page from drawing for 50 ms or more. */
  readonly longTasks: readonly number[]
}

interface Meter {
  readonly interactions: Map<number, number>
  longTasks: number[]
}

/** Begins to measure from here on; `read` gives what was seen since. */
export async function startMeter(page: Page): Promise<{ read: () => Promise<Measured> }> {
  await page.evaluate(() => {
    const meter: Meter = { interactions: new Map(), longTasks: [] }
    Object.assign(window, { meter })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { interactionId = 0 } = entry as PerformanceEntry & { interactionId?: number }
        if (interactionId === 0) continue
        const known = meter.interactions.get(interactionId) ?? 0
        meter.interactions.set(interactionId, Math.max(known, entry.duration))
      }
    }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit)
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) meter.longTasks.push(duration)
    }).observe({ type: 'longtask' })
  })
  const read = () =>
    page.evaluate(() => {
      const { meter } = window as unknown as { meter: Meter }
      const seen = { interactions: [...meter.interactions.values()], longTasks: meter.longTasks }
      meter.interactions.clear()
      meter.longTasks = []
      return seen
    })
  return { read }
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

/** What the work below takes where the budgets were set, with nothing else running. */
const WORK_MS = 30

/**
 * How much slower this machine is at this moment than the one the budgets were set on; never less
 * than 1. Budgets in milliseconds are multiplied by it, or they would measure the neighbours.
 */
export async function slowness(page: Page): Promise<number> {
  const tookMs = await page.evaluate(() => {
    const work = (): number => {
      const startedAt = performance.now()
      const words = Array.from({ length: 40_000 }, (_, index) => `${(index * 7_919) % 40_009}`)
      words.sort()
      return performance.now() - startedAt
    }
    const times = Array.from({ length: 7 }, work).sort((a, b) => a - b)
    return times[3] ?? 0
  })
  return Math.max(1, tookMs / WORK_MS)
}
