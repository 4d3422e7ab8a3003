import type { SessionOnHost } from '@vessel/proto/events/beat'

/** What is known of a session's host just now. */
export interface HostPresence {
  /** For how long nothing was heard; counted from when we began to listen. */
  readonly silentMs: number
  /** When the newest beat came, by our clock; null when none did. */
  readonly heardAtMs: number | null
  /** The session as the host lists it, null when it does not. */
  readonly session: SessionOnHost | null
}
