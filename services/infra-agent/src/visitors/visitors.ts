import { VesselError } from '@vessel/proto/errors'
import type { SessionId, VisitorId } from '@vessel/proto/ids'
import { VISITORS_ASKED_MAX } from '@vessel/proto/requests/ended-visitors'
import type { Hosted } from '../sessions/host-sessions.ts'
import type { Clock, Log, Orchestrator } from '../vm/ports.ts'

export interface VisitorsDeps {
  readonly sessions: { all(): Hosted[]; find(session: SessionId): Hosted | null }
  readonly orchestrator: Orchestrator
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
/** Logins by which one person opened one session. Those that ended give way to new ones. */
const VISITORS_PER_SESSION_MAX = 200

/** What the orchestrator said, and when it was asked. */
interface Standing {
  readonly isEnded: boolean
  readonly askedMs: number
}

/**
 * Who came into the sessions of this host, and whether they still may. Their ids stand in the
 * journal before they are let in, so that an agent that starts anew asks about the same.
 */
export class Visitors {
  readonly #deps: VisitorsDeps
  readonly #standings = new Map<VisitorId, Standing>()
  readonly #entering = new Map<string, Promise<void>>()
  readonly #closed = new AbortController()

  constructor(deps: VisitorsDeps) {
    this.#deps = deps
  }

  /** Returns when this visitor may reach the session; TICKET_REVOKED when they have ended. */
  async admit(session: SessionId, visitor: VisitorId): Promise<void> {
    const key = `${session} ${visitor}`
    const isNoted = this.#visitorsOf(session).includes(visitor) && !this.#entering.has(key)
    if (!isNoted || this.#freshOf(visitor) === null) await this.#enterOnce(key, session, visitor)
    if (this.#standings.get(visitor)?.isEnded) {
      throw new VesselError('TICKET_REVOKED', {
        detail: 'You were logged out here. Open this project from the dashboard again.',
      })
    }
  }

  /** Asks about everybody who came in. */
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
    const kept = new Set(here)
    for (const visitor of this.#standings.keys()) {
      if (!kept.has(visitor)) this.#standings.delete(visitor)
    }
  }

  close(): void {
    this.#closed.abort(new VesselError('SHUTTING_DOWN'))
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
    if (!this.#standings.get(visitor)?.isEnded) await this.#note(session, visitor)
  }

  async #note(session: SessionId, visitor: VisitorId): Promise<void> {
    const noted = this.#visitorsOf(session)
    if (noted.includes(visitor)) return
    const kept =
      noted.length < VISITORS_PER_SESSION_MAX
        ? noted
        : noted.filter((other) => !this.#standings.get(other)?.isEnded)
    if (kept.length >= VISITORS_PER_SESSION_MAX) throw new VesselError('OVERLOADED')
    const hosted = this.#deps.sessions.find(session)
    await hosted?.vm.context.update({ visitors: [...kept, visitor] })
  }

  async #ask(visitors: VisitorId[], signal: AbortSignal): Promise<void> {
    const { clock, orchestrator, log } = this.#deps
    const askedMs = clock.monotonic()
    const { ended } = await orchestrator.ask('ended-visitors', { visitors }, signal)
    const isEnded = new Set(ended)
    for (const visitor of visitors) {
      const before = this.#standings.get(visitor)
      // Two questions may be answered in the other order.
      if (before && before.askedMs > askedMs) continue
      if (isEnded.has(visitor) && !before?.isEnded) log.info({ visitor }, 'visitor ended')
      this.#standings.set(visitor, { isEnded: isEnded.has(visitor), askedMs })
    }
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
    const records = this.#deps.sessions.all().map(({ vm }) => vm.context.record)
    return [...new Set(records.flatMap(({ end, visitors }) => (end ? [] : visitors)))]
  }
}
