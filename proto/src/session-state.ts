import { z } from 'zod'

export const SESSION_STATES = [
  'requested',
  'placing',
  'starting',
  'ready',
  'saving',
  'stopped',
  'failed',
  'lost',
] as const
export type SessionState = (typeof SESSION_STATES)[number]
export const sessionState = z.enum(SESSION_STATES)

/**
 * The whole machine. Nothing moves a session except along these edges, with a compare-and-set.
 *
 * `starting → placing` is a host that refused or died: the next bid gets a turn.
 * `starting → saving` is a shutdown during boot: there is nothing to save, but a machine to end.
 */
export const SESSION_TRANSITIONS: Record<SessionState, readonly SessionState[]> = {
  requested: ['placing', 'stopped', 'failed'],
  placing: ['starting', 'stopped', 'failed'],
  starting: ['ready', 'placing', 'saving', 'stopped', 'failed', 'lost'],
  ready: ['saving', 'stopped', 'failed', 'lost'],
  saving: ['stopped', 'failed', 'lost'],
  stopped: [],
  failed: [],
  lost: [],
}

/** How long a session may stay in a state before the reconciler acts. Null: no limit of its own. */
export const STATE_DEADLINE_MS: Record<SessionState, number | null> = {
  requested: 15_000,
  // Waiting in the queue for room does not count: the clock starts when a host has bid.
  placing: 60_000,
  starting: 180_000,
  // Ended by idleness or maximum life, which are the reaper's to judge.
  ready: null,
  saving: 600_000,
  stopped: null,
  failed: null,
  lost: null,
}

export function canTransition(from: SessionState, to: SessionState): boolean {
  return SESSION_TRANSITIONS[from].includes(to)
}

export function isEnded(state: SessionState): boolean {
  return SESSION_TRANSITIONS[state].length === 0
}

/** States in which a machine may exist on some host. */
const HAS_MACHINE: Record<SessionState, boolean> = {
  requested: false,
  placing: false,
  starting: true,
  ready: true,
  saving: true,
  stopped: false,
  failed: false,
  lost: false,
}

/** What a person may ask of a session in a state; the API and the dashboard read the same table. */
export const sessionCan = {
  stop: (state: SessionState): boolean => !isEnded(state) && state !== 'saving',
  open: (state: SessionState): boolean => state === 'ready',
  boot: (state: SessionState): boolean => isEnded(state),
  save: (state: SessionState): boolean => state === 'ready',
  haveMachine: (state: SessionState): boolean => HAS_MACHINE[state],
} as const
