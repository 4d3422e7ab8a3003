import type { Announcer } from '../ports.ts'
import type { SessionOverview } from '../store/rows.ts'
import type { Decision } from './decide.ts'
import { SESSION_LIMITS as LIMITS } from './limits.ts'
import { type PlaceDeps, placeSession, sendStart } from './place-session.ts'
import type { Move } from './ports.ts'
import { stopSession } from './stop-session.ts'

export interface CarryOutDeps extends PlaceDeps {
  readonly announcer: Announcer
}

/** `again`: something changed, decide anew at once. Otherwise: look again in so many ms. */
export type Outcome = { readonly kind: 'again' } | { readonly kind: 'wait'; readonly ms: number }

const AGAIN: Outcome = { kind: 'again' }
const wait = (ms: number): Outcome => ({ kind: 'wait', ms })

type Act<D extends Decision> = (
  overview: SessionOverview,
  decision: D,
  deps: CarryOutDeps,
) => Promise<Outcome>

const ACTS: { readonly [K in Decision['do']]: Act<Extract<Decision, { do: K }>> } = {
  wait: async (_overview, { ms }) => wait(ms),

  move: async (overview, { to, end, isGone }, deps) => {
    if (isGone) await deps.store.releaseLease(overview.session)
    const ending = end ? { endReason: end.reason, ...failureOf(end) } : {}
    return move({ session: overview.session, to, ...ending }, deps)
  },

  ready: (overview, { bootId, ip }, deps) =>
    move({ session: overview.session, to: 'ready', bootId, ip }, deps),

  place: async ({ session }, _decision, deps) => {
    const ms = await placeSession(session, deps)
    return ms === 0 ? AGAIN : wait(ms)
  },

  start: async ({ session }, _decision, deps) => {
    if (await sendStart(session, deps)) return wait(LIMITS.startLookMs)
    await deps.store.releaseLease(session)
    return move({ session, to: 'placing' }, deps)
  },

  'place-again': async ({ session }, { isGone }, deps) => {
    if (isGone) await deps.store.releaseLease(session)
    return move({ session, to: 'placing' }, deps)
  },

  stop: async ({ session }, decision, deps) => {
    const isTold = await stopSession(session, decision, deps)
    deps.announcer.session(session.id)
    return isTold ? wait(LIMITS.savingLookMs) : AGAIN
  },

  'want-stop': async ({ session }, { reason }, deps) => {
    await deps.store.wantStop({ sessionId: session.id, mode: 'save', reason })
    return AGAIN
  },

  'give-up': async ({ session }, { to, end }, deps) => {
    if (!(await deps.store.isLeaseOver(session))) return wait(LIMITS.savingLookMs)
    return move({ session, to, endReason: end.reason, ...failureOf(end) }, deps)
  },

  touch: async ({ session }, { at }, deps) => {
    await deps.store.touch(session.id, at)
    deps.announcer.session(session.id)
    return AGAIN
  },
}

function failureOf(end: { failure: Move['failure'] | null }): Pick<Move, 'failure'> {
  return end.failure ? { failure: end.failure } : {}
}

async function move(request: Move, deps: CarryOutDeps): Promise<Outcome> {
  const moved = await deps.store.move(request)
  const { session, to, endReason, failure } = request
  const facts = { session: session.id, project: session.projectId, host: session.hostId }
  if (moved) {
    const why = { endReason, code: failure?.code, stage: failure?.stage }
    deps.log.info({ ...facts, from: session.state, to, ...why }, 'session moved')
    deps.announcer.session(session.id)
  }
  return AGAIN
}

export function carryOut(
  overview: SessionOverview,
  decision: Decision,
  deps: CarryOutDeps,
): Promise<Outcome> {
  // The act looked up by the decision's name is the one for this kind of decision.
  const act = ACTS[decision.do] as Act<Decision>
  return act(overview, decision, deps)
}
