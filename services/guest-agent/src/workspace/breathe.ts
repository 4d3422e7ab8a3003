import { setImmediate } from 'node:timers/promises'

/**
 * Small files are read and written with blocking calls, which are several times faster than a trip
 * through the thread pool each. This long at a time, so that health checks are still answered.
 */
const SLICE_MS = 10

/** Returns a function to await between two pieces of blocking work. */
export function createBreather(signal: AbortSignal): () => Promise<void> | undefined {
  let since = performance.now()
  return () => {
    signal.throwIfAborted()
    if (performance.now() - since < SLICE_MS) return undefined
    return setImmediate().then(() => {
      since = performance.now()
    })
  }
}
