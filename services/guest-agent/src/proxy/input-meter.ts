/**
 * Measured with VS Code 4.139 in Chromium, compressed WebSockets, five minutes without a hand on
 * the keyboard: packets of at most 41 bytes (keep-alives of 10, acknowledgements, periodic calls),
 * up to 500 bytes of them in 15 s. Packets of this size say nothing.
 */
export const NOISE_BYTES_MAX = 64
/**
 * Opening a file and typing three words sent 2,000 bytes in larger packets; the idle page none.
 * Keys in a terminal are as small as the noise (20 bytes) and are seen at the terminal instead.
 */
export const INPUT_BYTES_MIN = 512
/** The same span for all: the host needs to hear of activity, not of each key. */
export const ACTIVITY_EVERY_MS = 15_000

/** Decides from the bytes of the user's side whether someone is there. Pure: time is passed in. */
export class InputMeter {
  #windowStart = Number.NEGATIVE_INFINITY
  #bytes = 0
  #isTold = false

  /** True when activity is to be told: at most once per window. */
  count(bytes: number, nowMs: number): boolean {
    if (nowMs - this.#windowStart >= ACTIVITY_EVERY_MS) {
      this.#windowStart = nowMs
      this.#bytes = 0
      this.#isTold = false
    }
    if (bytes > NOISE_BYTES_MAX) this.#bytes += bytes
    if (this.#isTold || this.#bytes < INPUT_BYTES_MIN) return false
    this.#isTold = true
    this.#windowStart = nowMs
    return true
  }
}
