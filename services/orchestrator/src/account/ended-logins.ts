import { VesselError } from '@vessel/proto/errors'
import type { Clock, Log, TokenVerifier } from '../ports.ts'

export interface EndedLogin {
  readonly id: string
  readonly agoMs: number
}

export interface EndedLoginStore {
  /** The newest of the logins that ended within the last so many ms, oldest first. */
  endedWithin(ms: number, limit: number): Promise<readonly EndedLogin[]>
}

export interface EndedLoginsDeps {
  readonly store: EndedLoginStore
  readonly clock: Clock
  /** No access token is good for longer, so what ended before that need not be known. */
  readonly tokenLifeMs: number
  readonly log: Log
}

/** With the hub's look at its sockets: an ended login is out within 5 s. */
const LOOK_EVERY_MS = 2_000
/** Each look goes back beyond the last, for sign-outs that took long to be written. */
const OVERLAP_MS = 30_000
/** Clocks of two machines differ, and a token is believed for some seconds more. */
const MARGIN_MS = 60_000
/** Some 15 MB. It takes 28 sign-outs a second for an hour to end more. */
const ENTRIES_MAX = 100_000
const AGAIN_MS = 1_000

/**
 * The logins that were ended while a token of them may still live. The database holds the truth;
 * every copy reads what is new, so nothing has to reach it and a new copy knows all at once.
 */
export class EndedLogins {
  readonly #deps: EndedLoginsDeps
  readonly #untilMs = new Map<string, number>()
  /** When the newest look that brought an answer began. */
  #lookedAtMs: number | null = null

  constructor(deps: EndedLoginsDeps) {
    this.#deps = deps
  }

  /** False until the first look: before that nobody is let in. */
  get isKnown(): boolean {
    return this.#lookedAtMs !== null
  }

  has(loginId: string): boolean {
    return this.#untilMs.has(loginId)
  }

  async look(): Promise<void> {
    const { store, clock, tokenLifeMs, log } = this.#deps
    const nowMs = clock.now()
    const lifeMs = tokenLifeMs + MARGIN_MS
    const ended = await store.endedWithin(Math.min(this.#unreadMs(nowMs), lifeMs), ENTRIES_MAX)
    for (const { id, agoMs } of ended) this.#untilMs.set(id, nowMs + lifeMs - agoMs)
    for (const [id, untilMs] of this.#untilMs) {
      if (untilMs <= nowMs) this.#untilMs.delete(id)
    }
    this.#keepBounded(log)
    this.#lookedAtMs = nowMs
  }

  #unreadMs(nowMs: number): number {
    if (this.#lookedAtMs === null) return Number.POSITIVE_INFINITY
    // A clock may have been set back meanwhile.
    return Math.max(0, nowMs - this.#lookedAtMs) + OVERLAP_MS
  }

  #keepBounded(log: Log): void {
    const tooMany = this.#untilMs.size - ENTRIES_MAX
    if (tooMany <= 0) return
    log.error({ tooMany }, 'more logins ended than can be remembered')
    for (const id of [...this.#untilMs.keys()].slice(0, tooMany)) this.#untilMs.delete(id)
  }
}

/** Looks again and again. Resolves after the first look, whatever came of it. */
export async function watchEndedLogins(
  ended: EndedLogins,
  log: Log,
): Promise<{ stop(): Promise<void> }> {
  let isStopped = false
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> = Promise.resolve()
  const look = () => {
    looking = ended
      .look()
      .catch((err) => log.warn({ err }, 'ended logins could not be read'))
      .finally(() => {
        if (!isStopped) timer = setTimeout(look, LOOK_EVERY_MS)
      })
    return looking
  }
  await look()
  return {
    async stop() {
      isStopped = true
      clearTimeout(timer)
      await looking
    },
  }
}

/** A token may be good in every way and its login over all the same. */
export function refuseEnded(tokens: TokenVerifier, ended: EndedLogins): TokenVerifier {
  return {
    async verify(token) {
      const principal = await tokens.verify(token)
      if (!ended.isKnown) throw new VesselError('AUTH_DOWN', { retryAfterMs: AGAIN_MS })
      if (principal.loginId === null || !ended.has(principal.loginId)) return principal
      throw new VesselError('UNAUTHENTICATED', { detail: 'This login was ended. Log in again.' })
    },
  }
}
