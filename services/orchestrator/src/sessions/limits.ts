import { LEASE_GRACE_MS, LEASE_MS } from '@vessel/proto/requests/renew-lease'

/** Every bound of the life of a session beside the deadlines of its states (proto). */
export const SESSION_LIMITS = {
  /** The claim of a copy that died runs out after this; a turn that takes longer keeps it. */
  claimMs: 6_000,
  claimKeptEveryMs: 2_000,
  /** More changes of state in one turn mean that something oscillates. */
  stepsPerTurnMax: 8,
  turnsAtOnce: 16,
  /** How often the table is looked through for what is due; changes here are acted on at once. */
  pollMs: 1_000,

  /** Only the first few of the queue ask the hosts, so that a long queue is no storm. */
  queueFront: 3,
  queueLookMs: 1_500,
  queueMaxMs: 30 * 60_000,
  /** A run before this one may still be ending. */
  leaseLookMs: 1_000,
  placeAgainMs: 500,

  /** Boots that broke and are tried on another host. */
  bootAttemptsMax: 3,
  /** Hosts that did not take the command. */
  placeAttemptsMax: 9,

  /** A machine that was accepted and is not listed by its host this long after is not there. */
  unlistedMs: 15_000,
  /** Beyond the lease: the machine is paused by then and may be given up. */
  hostLostMs: LEASE_MS + LEASE_GRACE_MS,

  startLookMs: 3_000,
  savingLookMs: 5_000,
  readyLookMs: 30_000,
  /** Activity that is newer by less is not worth a write. */
  touchEveryMs: 60_000,
} as const
