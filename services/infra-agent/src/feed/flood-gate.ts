/** What a session's programs may print on average; a busy build prints about 20 KiB a second. */
export const FLOOD_BYTES_PER_SECOND = 64 * 1024
/** A burst of this size passes at once: the start of a dev server, a stack trace, a test report. */
export const FLOOD_BURST_BYTES = 512 * 1024

/** A bucket of bytes that fills with time. */
export class FloodGate {
  #tokens = FLOOD_BURST_BYTES
  #filledMs: number

  constructor(nowMs: number) {
    this.#filledMs = nowMs
  }

  admits(bytes: number, nowMs: number): boolean {
    const gained = ((nowMs - this.#filledMs) / 1_000) * FLOOD_BYTES_PER_SECOND
    this.#tokens = Math.min(FLOOD_BURST_BYTES, this.#tokens + gained)
    this.#filledMs = nowMs
    if (bytes > this.#tokens) return false
    this.#tokens -= bytes
    return true
  }
}
