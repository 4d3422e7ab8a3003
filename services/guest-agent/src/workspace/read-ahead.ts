/**
 * Runs `prepare` for up to `aheadMax` items at a time and yields the results in order.
 * Whatever was begun is waited for before it ends, so nothing runs on after the caller left.
 */
export async function* readAhead<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  aheadMax: number,
  prepare: (item: T) => Promise<R>,
): AsyncGenerator<{ item: T; result: R }> {
  const begun: { item: T; result: Promise<R> }[] = []
  const take = async () => {
    const first = begun.shift() as { item: T; result: Promise<R> }
    return { item: first.item, result: await first.result }
  }
  try {
    for await (const item of items) {
      const result = prepare(item)
      // Its failure is thrown when its turn comes; until then it must not count as unhandled.
      result.catch(() => undefined)
      begun.push({ item, result })
      if (begun.length >= aheadMax) yield await take()
    }
    while (begun.length > 0) yield await take()
  } finally {
    await Promise.allSettled(begun.map(({ result }) => result))
  }
}
