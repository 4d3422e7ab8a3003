import { VesselError } from '@vessel/proto/errors'
import type { SessionId } from '@vessel/proto/ids'
import { isEnded } from '@vessel/proto/session-state'
import type { Clock } from '../ports.ts'
import type { Session } from '../store/rows.ts'
import { type CarryOutDeps, carryOut } from './carry-out.ts'
import { decide, type Facts } from './decide.ts'
import { SESSION_LIMITS as LIMITS } from './limits.ts'
import type { HostPresences } from './ports.ts'

export interface ReconcilerDeps extends CarryOutDeps {
  readonly clock: Clock
  readonly presences: HostPresences
  readonly idleStopMs: number
  readonly maxLifeMs: number
}

export interface Reconciler {
  /** Something about this session changed: look at it now. Never throws. */
  nudge(sessionId: SessionId): void
  start(): void
  /** Resolves when the turns in work have ended. */
  stop(): Promise<void>
}

/** After a fault of the database or the bus. */
const AFTER_FAULT_MS = 2_000

/**
 * Drives every live session. Any number of copies run beside each other: a session is claimed for a
 * turn, and whatever a turn does is a compare-and-set, so that a crash anywhere is another's start.
 */
export function createReconciler(deps: ReconcilerDeps): Reconciler {
  const { store, log } = deps
  const turns = new Map<SessionId, Promise<void>>()
  const wanted = new Set<SessionId>()
  let timer: NodeJS.Timeout | null = null
  let isStopping = false
  let polling: Promise<void> = Promise.resolve()

  const begin = (sessionId: SessionId, work: () => Promise<void>) => {
    const turn = work()
      .catch((err) => log.error({ session: sessionId, err }, 'turn of a session broke'))
      .finally(() => {
        turns.delete(sessionId)
        if (wanted.delete(sessionId)) nudge(sessionId)
      })
    turns.set(sessionId, turn)
  }

  const nudge = (sessionId: SessionId) => {
    if (isStopping) return
    if (turns.has(sessionId)) {
      wanted.add(sessionId)
      return
    }
    // Too much at once: the poll finds it, since whatever changed made it due.
    if (turns.size >= LIMITS.turnsAtOnce) return
    begin(sessionId, async () => {
      const claimed = await store.claim(sessionId)
      if (claimed) await takeTurn(claimed, deps)
    })
  }

  const poll = async () => {
    const room = LIMITS.turnsAtOnce - turns.size
    if (room <= 0) return
    try {
      for (const session of await store.claimDue(room)) {
        begin(session.id, () => takeTurn(session, deps))
      }
    } catch (err) {
      log.warn({ err }, 'due sessions could not be read')
    }
  }

  const tick = () => {
    polling = poll().finally(() => {
      if (!isStopping) timer = setTimeout(tick, LIMITS.pollMs)
    })
  }

  return {
    nudge,
    start: tick,
    async stop() {
      isStopping = true
      if (timer) clearTimeout(timer)
      await polling
      await Promise.allSettled(turns.values())
    },
  }
}

/** Decides and acts until there is nothing to do for now. The session is claimed. */
async function takeTurn(claimed: Session, deps: ReconcilerDeps): Promise<void> {
  const { store, log } = deps
  let wakeInMs = AFTER_FAULT_MS
  const keeping = setInterval(() => {
    store.keepClaim(claimed.id).catch((err) => {
      log.warn({ session: claimed.id, err }, 'claim could not be kept')
    })
  }, LIMITS.claimKeptEveryMs)
  try {
    wakeInMs = await stepOn(claimed, deps)
  } catch (thrown) {
    const error = VesselError.from(thrown)
    const facts = { session: claimed.id, code: error.code, err: thrown }
    if (error.kind === 'bug') log.error(facts, 'session could not be driven')
    else log.warn(facts, 'session waits for what it needs')
  } finally {
    clearInterval(keeping)
    await store.unclaim(claimed.id, wakeInMs).catch((err) => {
      log.warn({ session: claimed.id, err }, 'claim is left to run out')
    })
  }
}

async function stepOn(claimed: Session, deps: ReconcilerDeps): Promise<number> {
  for (let step = 0; step < LIMITS.stepsPerTurnMax; step += 1) {
    const overview = await deps.store.overview(claimed.id)
    if (!overview || isEnded(overview.session.state)) return 0
    const decision = decide(overview, factsOf(overview.session, deps))
    const outcome = await carryOut(overview, decision, deps)
    if (outcome.kind === 'wait') return outcome.ms
  }
  deps.log.warn({ session: claimed.id }, 'session changes without coming to rest')
  return AFTER_FAULT_MS
}

function factsOf(session: Session, deps: ReconcilerDeps): Facts {
  const { idleStopMs, maxLifeMs } = deps
  return {
    nowMs: deps.clock.now(),
    host: session.hostId ? deps.presences.of(session.hostId, session.id) : null,
    idleStopMs,
    maxLifeMs,
  }
}
