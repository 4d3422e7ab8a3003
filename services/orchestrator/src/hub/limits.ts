import { SOCKET_LIMITS } from '@vessel/proto/browser/limits'

/**
 * Bounds of the hub that only the server needs to know; what a browser must know too stands in
 * `proto`. The values are defaults: tests and operators may pass others.
 */
export const HUB_LIMITS = {
  ...SOCKET_LIMITS,
  /** About 10 KB each: one process holds them in well under a gigabyte. */
  connectionsMax: 10_000,
  /** Sockets that have not said who they are: enough for an avalanche, not for a flood. */
  unauthenticatedMax: 2_000,
  /** Handshakes between two rounds of deliveries: a few milliseconds. */
  upgradesPerTurnMax: 16,
  /** Sockets that wait for their handshake. */
  upgradesWaitingMax: 10_000,
  /** Frames a client may send before its token was checked. */
  framesBeforeAuthMax: 256,
  /** Frames refused (malformed, too fast) within a minute before the connection is ended. */
  refusalsPerMinuteMax: 200,
  /** How often heartbeats, expiry and deadlines are looked at. */
  tickMs: 1_000,
  /** Connections closed in one go, and how soon the next ones are: a flood ends within a second. */
  closesAtOnceMax: 50,
  closeAgainMs: 20,
  /** Revoked access ends a topic within 5 s, so it is asked a little more often. */
  accessCheckMs: 4_000,
  /** How often those who run the place are told of the sockets, while one of them looks. */
  tellSocketsMs: 3_000,
  /** A socket that is still nobody's after this makes room for another when there is none. */
  evictAfterMs: 1_000,
  /** Access questions open at once, so that a sweep never floods the store. */
  accessChecksAtOnceMax: 16,
  /** Lines of a watched session kept in memory: a reconnect within minutes reads no disk. */
  ringItemsMax: 2_000,
  /** The same in bytes, because a line may be 4,096 characters. */
  ringBytesMax: 2 * 1024 * 1024,
  /** One place to resume from is remembered for so many items of a session's log. */
  indexEveryItems: 256,
  /** Covers the 50,000 messages that the stream keeps of a session, twice over. */
  indexEntriesMax: 400,
  /** Holes remembered per session; older ones count as "cannot be recovered". */
  gapsMax: 200,
  /** A replay frame: big enough to be few, small enough to interleave with control frames. */
  replayItemsMax: 500,
  replayBytesMax: 64 * 1024,
  /** Encoded replay frames kept per session, for many readers who resume at the same place. */
  replayFramesMax: 32,
  /** Messages per read from JetStream. */
  historyPageMax: 256,
  /** Reads of old history open at once in this process. */
  historyReadsMax: 8,
  /** Snapshots read at once: after an outage everyone wants one. */
  snapshotsAtOnceMax: 32,
  /** How long a session's log is kept after its last reader left: a reload finds it warm. */
  lingerMs: 30_000,
  /** How long a subscribe waits for history or state before it is answered with an error. */
  openWithinMs: 10_000,
  /** A connection that does not end by itself after a close is cut. */
  closeGraceMs: 2_000,
  /** A reload is not a leave and a join. */
  presenceLeaveAfterMs: 10_000,
  /** Another orchestrator's members are forgotten when it has not repeated them. */
  presenceTtlMs: 60_000,
  presenceRefreshMs: 25_000,
  /** Members shown per project: telling everyone of everyone grows with the square. */
  presenceMembersMax: 200,
} as const

export type HubLimits = { readonly [K in keyof typeof HUB_LIMITS]: number }
