import type { SessionId } from '@vessel/proto/ids'
import { LEASE_RENEW_EVERY_MS, LEASE_SELF_FENCE_MS } from '@vessel/proto/requests/renew-lease'
import type { HostSessions } from '../sessions/host-sessions.ts'
import type { Clock, Log, Orchestrator } from '../vm/ports.ts'
import type { VmRecord } from '../vm/record.ts'
import { leaseAction } from './lease-action.ts'

export interface LeaseKeeperDeps {
  readonly sessions: HostSessions
  readonly orchestrator: Orchestrator
  readonly clock: Clock
  readonly log: Log
  readonly deadManMs: number
  readonly fenceMs?: number
  readonly renewEveryMs?: number
}

const BATCH_MAX = 1_000
/** How late the fence may fall. */
const ENFORCE_EVERY_MS = 1_000

const isLeased = ({ end, isLeaseLost, local }: VmRecord): boolean =>
  end === null && !isLeaseLost && local === null

/** Renews the leases of all live sessions and acts on those it cannot renew. */
export class LeaseKeeper {
  readonly #deps: LeaseKeeperDeps
  readonly #renewed = new Map<SessionId, number>()
  readonly #ended = new AbortController()
  #heardMs: number
  #isDeadManDone = false
  #done: Promise<void> = Promise.resolve()

  constructor(deps: LeaseKeeperDeps) {
    this.#deps = deps
    this.#heardMs = deps.clock.monotonic()
  }

  /** A session that was just accepted, or taken over, has a whole lease before it. */
  noteHeld(session: SessionId): void {
    this.#renewed.set(session, this.#deps.clock.monotonic())
  }

  start(): void {
    this.#done = this.#run()
  }

  async stop(): Promise<void> {
    this.#ended.abort()
    await this.#done
  }

  async #run(): Promise<void> {
    // Side by side: the fence must not wait for a question that hangs.
    await Promise.all([
      this.#repeat(this.#deps.renewEveryMs ?? LEASE_RENEW_EVERY_MS, () => this.#renew()),
      this.#repeat(ENFORCE_EVERY_MS, () => this.#enforce()),
    ])
  }

  async #repeat(everyMs: number, work: () => Promise<void>): Promise<void> {
    const { clock, log } = this.#deps
    while (!this.#ended.signal.aborted) {
      try {
        await work()
      } catch (thrown) {
        if (!this.#ended.signal.aborted) log.warn({ err: thrown }, 'leases not renewed')
      }
      await clock.sleep(everyMs, this.#ended.signal).catch(() => undefined)
    }
  }

  async #renew(): Promise<void> {
    const { signal } = this.#ended
    const askedMs = this.#deps.clock.monotonic()
    const live = this.#deps.sessions.records().filter(isLeased)
    const asked = live.slice(0, BATCH_MAX).map(({ session, epoch }) => ({ session, epoch }))
    const { leases } = await this.#deps.orchestrator.ask('renew-lease', { sessions: asked }, signal)
    this.#heardMs = this.#deps.clock.monotonic()
    this.#isDeadManDone = false
    for (const lease of leases) {
      // Counted from the question: the answer may have been long on its way.
      if (lease.isHeld) this.#renewed.set(lease.session, askedMs)
      else await this.#surrender(lease.session, askedMs)
    }
  }

  /** A session accepted after the question was asked is not what the answer is about. */
  async #surrender(session: SessionId, askedMs: number): Promise<void> {
    if ((this.#renewed.get(session) ?? 0) > askedMs) return
    const hosted = this.#deps.sessions.find(session)
    this.#deps.log.warn({ session }, 'lease lost')
    await hosted?.vm.surrender()
  }

  async #enforce(): Promise<void> {
    const { sessions, clock, log, fenceMs = LEASE_SELF_FENCE_MS } = this.#deps
    const nowMs = clock.monotonic()
    for (const { vm } of sessions.all()) {
      if (!isLeased(vm.context.record)) continue
      const { session, isPaused } = vm.context.record
      const renewedMs = this.#renewed.get(session) ?? nowMs
      const action = leaseAction({ renewedMs, isPaused, isHeld: true }, nowMs, fenceMs)
      try {
        if (action === 'pause') await vm.pause('paused: the host lost touch with Vessel')
        if (action === 'resume') await vm.resume('the host is in touch again')
      } catch (thrown) {
        log.error({ session, action, err: thrown }, 'lease not enforced')
      }
    }
    if (nowMs - this.#heardMs > this.#deps.deadManMs) await this.#deadMan()
  }

  /** Cut off for long: the files are at least packed and on this host's disk. */
  async #deadMan(): Promise<void> {
    if (this.#isDeadManDone) return
    this.#isDeadManDone = true
    const { sessions, log } = this.#deps
    log.error({}, 'cut off from every orchestrator')
    for (const { vm } of sessions.all()) {
      const { session, end, readyAt, stop } = vm.context.record
      if (end || !readyAt || stop || !isLeased(vm.context.record)) continue
      try {
        await vm.packLocally(this.#ended.signal)
      } catch (thrown) {
        log.error({ session, err: thrown }, 'files not packed on this host')
      }
    }
  }
}
