import { RECONNECT } from '@vessel/proto/browser/limits'

/**
 * How long to wait before an attempt, counted from 1 since the connection was lost.
 *
 * Full jitter: everyone who was cut at once comes back spread out. The first attempt is quick,
 * because most cuts are short; the server may ask for more time when it is going away.
 */
export function reconnectDelayMs(attempt: number, random: number, atLeastMs = 0): number {
  const ceiling =
    attempt <= 1
      ? RECONNECT.firstTryMsMax
      : Math.min(RECONNECT.capMs, RECONNECT.baseMs * 2 ** Math.min(attempt - 2, 16))
  return Math.round(atLeastMs + random * ceiling)
}
