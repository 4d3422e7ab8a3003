/**
 * VS Code's client sends 13-byte keep-alives and acknowledgements on each of its sockets for as long
 * as the page is open: with the WebSocket frame around it 19 bytes, two joined in a packet 38.
 */
export const NOISE_BYTES_MAX = 64
/**
 * A single key press in the editor is a message of some hundred bytes; what is left over after the
 * noise (a delayed file event, an occasional setting sync) stays below this in 15 s.
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
