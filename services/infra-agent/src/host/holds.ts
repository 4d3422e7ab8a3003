import type { SessionId } from '@vessel/proto/ids'
import type { MachineSpec } from '@vessel/proto/machine'
import { HOLD_MS } from '@vessel/proto/placement'
import type { Clock } from '../vm/ports.ts'

/** Room promised in a bid, kept until the start arrives or the promise runs out. */
export class Holds {
  readonly #clock: Clock
  readonly #held = new Map<SessionId, { spec: MachineSpec; untilMs: number }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  hold(session: SessionId, spec: MachineSpec): void {
    this.#held.set(session, { spec, untilMs: this.#clock.monotonic() + HOLD_MS })
  }

  release(session: SessionId): void {
    this.#held.delete(session)
  }

  /** Specs held for others than this session. */
  specsExcept(session: SessionId): MachineSpec[] {
    const nowMs = this.#clock.monotonic()
    for (const [held, { untilMs }] of this.#held) if (untilMs <= nowMs) this.#held.delete(held)
    return [...this.#held].filter(([held]) => held !== session).map(([, { spec }]) => spec)
  }
}
