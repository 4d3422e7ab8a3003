import type { Beat } from '@vessel/proto/events/beat'
import type { HostView } from '@vessel/proto/http/admin'
import type { HostId, SessionId } from '@vessel/proto/ids'
import type { Clock } from '../ports.ts'
import type { HostPresence } from '../sessions/presence.ts'
import { type Heard, hostViewOf } from './host-view.ts'

/** A host that was not heard for a day is taken off the list. */
const FORGOTTEN_AFTER_MS = 24 * 3_600_000
/** More than any installation has; a stranger with credentials cannot fill the memory. */
const HOSTS_MAX = 10_000

/**
 * The last beat of every host. Every orchestrator hears all of them, so nothing is shared and
 * nothing can be stale but by silence.
 */
export class Beats {
  readonly #clock: Clock
  readonly #heard = new Map<HostId, Heard>()
  #listeningSinceMs: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#listeningSinceMs = clock.now()
  }

  /** We were deaf ourselves: silence counts from now, and no host is lost for it. */
  listenAnew(): void {
    this.#listeningSinceMs = this.#clock.now()
  }

  hear(beat: Beat): void {
    if (!this.#heard.has(beat.host) && this.#heard.size >= HOSTS_MAX) return
    this.#heard.set(beat.host, { beat, atMs: this.#clock.now() })
  }

  presence(host: HostId, session: SessionId): HostPresence {
    const heard = this.#heard.get(host)
    const sinceMs = Math.max(heard?.atMs ?? 0, this.#listeningSinceMs)
    return {
      silentMs: this.#clock.now() - sinceMs,
      heardAtMs: heard?.atMs ?? null,
      session: heard?.beat.sessions.find((listed) => listed.session === session) ?? null,
    }
  }

  views(): HostView[] {
    const nowMs = this.#clock.now()
    for (const [host, { atMs }] of this.#heard) {
      if (nowMs - atMs > FORGOTTEN_AFTER_MS) this.#heard.delete(host)
    }
    const views = [...this.#heard.values()].map((heard) => hostViewOf(heard, nowMs))
    return views.sort((a, b) => (a.id < b.id ? -1 : 1))
  }

  view(host: HostId): HostView | null {
    const heard = this.#heard.get(host)
    return heard ? hostViewOf(heard, this.#clock.now()) : null
  }
}
