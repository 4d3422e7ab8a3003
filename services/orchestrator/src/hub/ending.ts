const ENDED = new Error('the subscription ended')

/** Something that holds on to something, until its subscription ends. */
export interface Ends {
  end(): void
}

/**
 * The end of a subscription, and what ends with it. An `AbortSignal` with closures would do, but
 * weighs a kilobyte, and every idle browser holds one: so there is one only while something runs.
 */
export class Ending {
  #isEnded = false
  #things: readonly Ends[] = []

  get isEnded(): boolean {
    return this.#isEnded
  }

  /** It ends with this, or at once when that has come. */
  add(thing: Ends): void {
    if (this.#isEnded) thing.end()
    // Not pushed nor spread: an array that grows keeps room for sixteen.
    else this.#things = this.#things.concat(thing)
  }

  end(): void {
    if (this.#isEnded) return
    this.#isEnded = true
    const things = this.#things
    this.#things = []
    for (const thing of things) thing.end()
  }

  /** Work that the end aborts, and its deadline if it has one. */
  async during<T>(work: (signal: AbortSignal) => Promise<T>, withinMs?: number): Promise<T> {
    const controller = new AbortController()
    const abort = { end: () => controller.abort(ENDED) }
    const expire = () => controller.abort(new DOMException('not in time', 'TimeoutError'))
    const timer = withinMs === undefined ? undefined : setTimeout(expire, withinMs)
    this.add(abort)
    try {
      return await work(controller.signal)
    } finally {
      clearTimeout(timer)
      // `filter` leaves room for sixteen as well; its copy is exact.
      this.#things = this.#things.filter((thing) => thing !== abort).slice()
    }
  }
}
