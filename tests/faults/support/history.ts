import type { EndReason } from '@vessel/proto/reasons'
import type { SessionState } from '@vessel/proto/session-state'

/** What users did and what they were told, in the order it came to be known. */
export type Deed =
  /** A session was ready and this stood in its file. */
  | { what: 'opened'; project: string; session: string; lines: readonly number[] }
  /** The line is on the disk of the machine. */
  | { what: 'edited'; project: string; session: string; line: number }
  /** The user asked to save and leave; nothing is edited in this session any more. */
  | { what: 'leaving'; project: string; session: string }
  | {
      what: 'ended'
      project: string
      session: string
      state: SessionState
      reason: EndReason | null
      code: string | null
    }
  /** Something was done to the cluster. */
  | { what: 'fault'; text: string }
  | { what: 'healed'; text: string }

export type Told = Deed & { readonly atMs: number }

export class History {
  readonly #startedMs = performance.now()
  readonly told: Told[] = []

  tell(deed: Deed): void {
    this.told.push({ ...deed, atMs: this.nowMs() })
  }

  nowMs(): number {
    return Math.round(performance.now() - this.#startedMs)
  }

  print(): string {
    return this.told.map((deed) => JSON.stringify(deed)).join('\n')
  }
}
