import { VesselError } from '@vessel/proto/errors'
import { VISITORS_PER_SESSION_MAX } from '@vessel/proto/guest/api'
import type { SessionId, VisitorId } from '@vessel/proto/ids'
import { VISITORS_ASKED_MAX } from '@vessel/proto/requests/ended-visitors'
import type { Hosted } from '../sessions/host-sessions.ts'
import type { Clock, Guest, Log, Orchestrator } from '../vm/ports.ts'
import type { SessionContext } from '../vm/session-context.ts'
import { endVisits } from './end-visits.ts'

export interface VisitorsDeps {
  readonly sessions: { all(): Hosted[]; find(session: SessionId): Hosted | null }
  readonly orchestrator: Orchestrator
  readonly guest: Pick<Guest, 'endVisits'>
  readonly clock: Clock
  readonly log: Log
}

/**
 * An answer lets somebody in for this long; then it is asked anew, and nobody comes in without one.
 * Some looks may fail before that: an orchestrator that restarts must not be noticed.
 */
const ANSWER_GOOD_MS = 30_000
/** The gateway gives its check five seconds. */
const ASK_AT_DOOR_MS = 3_000
/**
 * Whoever was let in just before their end may still be on the way: a gateway waits for the machine
 * and the guest for the IDE, ten seconds each. Until they must have arrived, the guest is told
 * again.
 */
const ON_THE_WAY_MS = 30_000

/** What the orchestrator said, and when it was asked. */
interface Standing {
  readonly askedMs: number
  /** Since when they are known to have ended; null when they have not. */
  readonly endedMs: number | null
}

/**
 * Who came into the sessions of this host, and whether they still may. Their ids stand in the
 * journal before they are let in, so that an agent that starts anew asks about the same.
 */
export class Visitors {
  readonly #deps: VisitorsDeps
  readonly #standings = new Map<VisitorId, Standing>()
  readonly #entering = new Map<string, Promise<void>>()
  readonly #ending = new Map<SessionId, Promise<void>>()
  readonly #closed = new AbortController()

  constructor(deps: VisitorsDeps) {
    this.#deps = deps
  }

  /** Returns when this visitor may reach the session; TICKET_REVOKED when they have ended. */
  async admit(session: SessionId, visitor: VisitorId): Promise<void> {
    const key = `${session} ${visitor}`
    const isNoted = this.#visitorsOf(session).includes(visitor) && !this.#entering.has(key)
    if (!isNoted || this.#freshOf(visitor) === null) await this.#enterOnce(key, session, visitor)
    const standing = this.#freshOf(visitor)
    if (standing === null) throw new VesselError('AUTH_DOWN')
    if (standing.endedMs !== null) {
      throw new VesselError('TICKET_REVOKED', {
        detail: 'You were logged out here. Open this project from the dashboard again.',
      })
    }
  }

  /** Asks about everybody who came in, and ends what those have open who have ended. */
  async look(): Promise<void> {
    const here = this.#everybody()
    const { signal } = this.#closed
    try {
      for (let from = 0; from < here.length; from += VISITORS_ASKED_MAX) {
        await this.#ask(here.slice(from, from + VISITORS_ASKED_MAX), signal)
      }
    } catch (thrown) {
      if (!signal.aborted) this.#deps.log.warn({ err: thrown }, 'visitors not asked about')
    }
    const kept = new Set(this.#everybody())
    for (const visitor of this.#standings.keys()) {
      if (!kept.has(visitor) && this.#freshOf(visitor) === null) this.#standings.delete(visitor)
    }
    for (const hosted of this.#live()) this.#endVisits(hosted)
  }

  async close(): Promise<void> {
    this.#closed.abort(new VesselError('SHUTTING_DOWN'))
    await Promise.all(this.#ending.values())
  }

  /** A page asks for many things at once: the first question answers for all of them. */
  #enterOnce(key: string, session: SessionId, visitor: VisitorId): Promise<void> {
    const begun = this.#entering.get(key)
    if (begun) return begun
    const entering = this.#enter(session, visitor).finally(() => this.#entering.delete(key))
    this.#entering.set(key, entering)
    return entering
  }

  async #enter(session: SessionId, visitor: VisitorId): Promise<void> {
    if (this.#freshOf(visitor) === null) {
      const signal = AbortSignal.any([this.#closed.signal, AbortSignal.timeout(ASK_AT_DOOR_MS)])
      try {
        await this.#ask([visitor], signal)
      } catch (cause) {
        // Nobody can say whether they may come in, so they may not.
        throw new VesselError('AUTH_DOWN', { cause })
      }
    }
    if (this.#endedForMs(visitor) === null) await this.#note(session, visitor)
  }

  async #note(session: SessionId, visitor: VisitorId): Promise<void> {
    const noted = this.#visitorsOf(session)
    if (noted.includes(visitor)) return
    if (noted.length >= VISITORS_PER_SESSION_MAX) throw new VesselError('OVERLOADED')
    const hosted = this.#deps.sessions.find(session)
    await hosted?.vm.context.update({ visitors: [...noted, visitor] })
  }

  /** Side by side: a machine that does not answer holds up no other, and is asked again. */
  #endVisits({ vm }: Hosted): void {
    const { session, endpoint, isPaused, visitors } = vm.context.record
    const ended = visitors.filter((visitor) => this.#endedForMs(visitor) !== null)
    if (ended.length === 0 || !endpoint || isPaused || this.#ending.has(session)) return
    const ending = this.#endAndForget(vm.context, ended)
      .catch((err) => {
        if (!this.#closed.signal.aborted) this.#deps.log.warn({ session, err }, 'visits not ended')
      })
      .finally(() => this.#ending.delete(session))
    this.#ending.set(session, ending)
  }

  /** Forgets those of whom nothing can come any more when the guest has answered. */
  async #endAndForget(context: SessionContext, ended: readonly VisitorId[]): Promise<void> {
    const haveArrived = ended.filter((visitor) => (this.#endedForMs(visitor) ?? 0) >= ON_THE_WAY_MS)
    const { record } = context
    await endVisits({ record, visitors: ended }, this.#deps, this.#closed.signal)
    const gone = haveArrived.filter((visitor) => this.#endedForMs(visitor) !== null)
    if (gone.length === 0) return
    const kept = context.record.visitors.filter((visitor) => !gone.includes(visitor))
    await context.update({ visitors: kept })
  }

  async #ask(visitors: VisitorId[], signal: AbortSignal): Promise<void> {
    const { clock, orchestrator } = this.#deps
    const askedMs = clock.monotonic()
    const { ended } = await orchestrator.ask('ended-visitors', { visitors }, signal)
    const isEnded = new Set(ended)
    for (const visitor of visitors) {
      const before = this.#standings.get(visitor)
      // Two questions may be answered in the other order.
      if (before && before.askedMs > askedMs) continue
      const endedMs = isEnded.has(visitor) ? (before?.endedMs ?? clock.monotonic()) : null
      this.#standings.set(visitor, { askedMs, endedMs })
    }
  }

  /** Null while they may come in, as far as is known. */
  #endedForMs(visitor: VisitorId): number | null {
    const endedMs = this.#standings.get(visitor)?.endedMs ?? null
    return endedMs === null ? null : this.#deps.clock.monotonic() - endedMs
  }

  #freshOf(visitor: VisitorId): Standing | null {
    const standing = this.#standings.get(visitor)
    if (!standing) return null
    return this.#deps.clock.monotonic() - standing.askedMs < ANSWER_GOOD_MS ? standing : null
  }

  #visitorsOf(session: SessionId): readonly VisitorId[] {
    return this.#deps.sessions.find(session)?.vm.context.record.visitors ?? []
  }

  #everybody(): VisitorId[] {
    return [...new Set(this.#live().flatMap(({ vm }) => vm.context.record.visitors))]
  }

  #live(): Hosted[] {
    return this.#deps.sessions.all().filter(({ vm }) => vm.context.record.end === null)
  }
}
