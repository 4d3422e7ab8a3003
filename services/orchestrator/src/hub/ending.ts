const ENDED = new Error('the subscription ended')

/**
 * The end of a subscription, and what ends with it. An `AbortSignal` would do, but it weighs a
 * kilobyte, and every idle browser holds one: so there is one only while something runs.
 */
export class Ending {
  #isEnded = false
  #runs: (() => void)[] = []

  get isEnded(): boolean {
    return this.#isEnded
  }

  /** Runs at the end, or at once when that has come. Returns how to forget it. */
  onEnd(run: () => void): () => void {
    if (this.#isEnded) {
      run()
      return () => undefined
    }
    this.#runs.push(run)
    return () => {
      this.#runs = this.#runs.filter((one) => one !== run)
    }
  }

  end(): void {
    if (this.#isEnded) return
    this.#isEnded = true
    const runs = this.#runs
    this.#runs = []
    for (const run of runs) run()
  }

  /** Work that the end aborts, and its deadline if it has one. */
  async during<T>(work: (signal: AbortSignal) => Promise<T>, withinMs?: number): Promise<T> {
    const controller = new AbortController()
    const forget = this.onEnd(() => controller.abort(ENDED))
    const expire = () => controller.abort(new DOMException('not in time', 'TimeoutError'))
    const timer = withinMs === undefined ? undefined : setTimeout(expire, withinMs)
    try {
      return await work(controller.signal)
    } finally {
      clearTimeout(timer)
      forget()
    }
  }
}
