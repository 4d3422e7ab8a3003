export interface UntilOptions {
  readonly what: string
  readonly withinMs?: number
}

/** Polls a condition until it holds. The deadline only ends a test that has failed. */
export async function until(
  check: () => boolean | Promise<boolean>,
  { what, withinMs = 15_000 }: UntilOptions,
): Promise<void> {
  const deadline = Date.now() + withinMs
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error(`did not happen in ${withinMs} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
