import type { Page } from 'playwright-core'

interface Measured {
  /** Longest event of each interaction, in milliseconds. */
  readonly interactions: readonly number[]
}

interface Meter {
  readonly interactions: Map<number, number>
}

/** Begins to measure from here on; `read` gives what was seen since. */
export async function startMeter(page: Page): Promise<{ read: () => Promise<Measured> }> {
  await page.evaluate(() => {
    const meter: Meter = { interactions: new Map() }
    Object.assign(window, { meter })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { interactionId = 0 } = entry as PerformanceEntry & { interactionId?: number }
        if (interactionId === 0) continue
        const known = meter.interactions.get(interactionId) ?? 0
        meter.interactions.set(interactionId, Math.max(known, entry.duration))
      }
    }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit)
  })
  const read = () =>
    page.evaluate(() => {
      const { meter } = window as unknown as { meter: Meter }
      const seen = { interactions: [...meter.interactions.values()] }
      meter.interactions.clear()
      return seen
    })
  return { read }
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

interface TraceEvent {
  readonly name: string
  readonly pid: number
  readonly tid: number
  /** Microseconds of processor time, where the task ran long enough to be counted. */
  readonly tdur?: number
  readonly args?: { readonly name?: string }
}

/**
 * The longest task of the page's own thread while `body` runs, in milliseconds of processor time:
 * that is the page's doing, whatever else runs on the machine.
 */
export async function longestTask(page: Page, body: () => Promise<void>): Promise<number> {
  const browser = page.context().browser()
  if (!browser) throw new Error('the page has no browser to trace')
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] })
  await body()
  const trace = JSON.parse(String(await browser.stopTracing())) as { traceEvents: TraceEvent[] }
  const mains = new Set(
    trace.traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid}:${tid}`),
  )
  const tasks = trace.traceEvents.filter(
    ({ name, pid, tid }) => name.endsWith('RunTask') && mains.has(`${pid}:${tid}`),
  )
  if (tasks.length === 0) throw new Error('the trace has no task of a page')
  return Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / 1_000
}
