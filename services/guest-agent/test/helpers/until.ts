import { setTimeout } from 'node:timers/promises'

const POLL_MS = 20

/** Polls until the condition gives something truthy, or fails naming what was waited for. */
export async function until<T>(
  what: string,
  condition: () => T | undefined | Promise<T | undefined>,
  withinMs = 10_000,
): Promise<NonNullable<T>> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const value = await condition()
    if (value) return value
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`)
    await setTimeout(POLL_MS)
  }
}
