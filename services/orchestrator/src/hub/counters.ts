/** What one connection was sent and not sent; shown to admins, and to users about themselves. */
export interface ConnectionCounters {
  /** Items sent to resume, not as they happened. */
  itemsReplayed: number
  /** Holes announced. */
  gapsSent: number
  /** Load samples not sent because the client was behind. */
  samplesDropped: number
  /** Times that logs were held back because the client was behind. */
  holds: number
  framesReceived: number
  framesRefused: number
}

export function createCounters(): ConnectionCounters {
  return {
    itemsReplayed: 0,
    gapsSent: 0,
    samplesDropped: 0,
    holds: 0,
    framesReceived: 0,
    framesRefused: 0,
  }
}
