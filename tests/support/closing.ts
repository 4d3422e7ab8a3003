/**
 * Runs a body, then closes what it used, also when the body failed. What the body threw is told
 * first: a `finally` would put an error of closing in its place.
 */
export async function closingAfter<T>(
  body: () => Promise<T>,
  close: () => Promise<unknown>,
): Promise<T> {
  let result: T
  try {
    result = await body()
  } catch (failure) {
    const unclosed = await close().then(
      () => undefined,
      (error: unknown) => ({ error }),
    )
    if (!unclosed) throw failure
    throw new AggregateError([failure, unclosed.error], `${failure}\nand closing failed after it`)
  }
  await close()
  return result
}
