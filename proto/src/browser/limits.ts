/** Every bound of the live connection in one place; each has a reason. */
export const SOCKET_LIMITS = {
  /** A client sends commands, never data. */
  clientFrameBytesMax: 64 * 1024,
  authWithinMs: 10_000,
  heartbeatMs: 30_000,
  /** Two missed heartbeats. */
  deadAfterMs: 65_000,
  batchItemsMax: 10,
  batchMs: 100,
  batchBytesMax: 16 * 1024,
  /** Above it a client gets no logs until it has drained, then what it missed. */
  outboxBytesSoft: 256 * 1024,
  /** Above it the connection is given up. */
  outboxBytesMax: 1024 * 1024,
  connectionsPerUserMax: 20,
  topicsPerConnectionMax: 128,
  commandsPerMinuteMax: 100,
} as const

export const RECONNECT = {
  firstTryMsMax: 500,
  baseMs: 1_000,
  capMs: 16_000,
} as const
