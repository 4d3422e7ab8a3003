/** Calls a listener of the page. What it throws is the page's fault and must not stop the feed. */
export function callSafely(run: () => void): void {
  try {
    run()
  } catch (error) {
    // Out of the way of the frame being handled, but visible to the page's error handler.
    queueMicrotask(() => {
      throw error
    })
  }
}

export class Emitter<T> {
  readonly #listeners = new Set<(value: T) => void>()

  on(listener: (value: T) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  emit(value: T): void {
    for (const listener of [...this.#listeners]) callSafely(() => listener(value))
  }

  clear(): void {
    this.#listeners.clear()
  }
}
