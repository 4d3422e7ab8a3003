interface Holder {
  readonly controller: AbortController
  readonly released: Promise<void>
}

/**
 * One writer per upload. A newcomer ends the one before and waits until it has let go: that one is
 * a connection the client lost, and the bytes it brought stay.
 */
export class UploadLocks {
  readonly #holders = new Map<string, Holder>()

  async run<T>(id: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    for (;;) {
      const holder = this.#holders.get(id)
      if (holder === undefined) break
      holder.controller.abort(new Error('another request continues this upload'))
      await holder.released
    }
    const controller = new AbortController()
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    this.#holders.set(id, { controller, released })
    try {
      return await work(controller.signal)
    } finally {
      this.#holders.delete(id)
      release()
    }
  }
}
