import { VesselError } from '@vessel/proto/errors'
import { packWorkspace } from '../steps/pack-workspace.ts'
import { unpause } from '../steps/revive-guest.ts'
import { announceReady, bootFailure, bootSession } from './boot.ts'
import {
  concludeSession,
  mustSave,
  noteSaveFailure,
  retryDelayMs,
  saveForGood,
  takeDown,
} from './end.ts'
import { listenToMachine } from './listen.ts'
import { runPlan } from './plan.ts'
import type { StopOrder } from './record.ts'
import type { SessionContext } from './session-context.ts'
import { tellSteps } from './tell-step.ts'
import { MachineLost, tendMachine } from './tend.ts'

export interface SessionTimes {
  readonly checkpointEveryMs: number
  readonly saveRetryMsMax: number
}

/**
 * After an error of the agent itself (a full disk, say) the session is looked at again this soon.
 */
const RECOVER_MS = 2_000

/**
 * One session from its journal record to its end. It is driven by the record alone: whoever changes
 * what is wanted writes it down first and wakes it, and after a crash it goes on from the record.
 */
export class VmSession {
  readonly context: SessionContext
  readonly #times: SessionTimes
  readonly #detached = new AbortController()
  #activity = new AbortController()
  #wake = Promise.withResolvers<void>()
  #isSaveWanted = false
  #done: Promise<void> | null = null

  constructor(context: SessionContext, times: SessionTimes) {
    this.context = context
    this.#times = times
  }

  /** Begins, or goes on where the agent before us stopped. */
  run(): void {
    this.#done ??= this.#drive()
  }

  get hasEnded(): boolean {
    return this.context.record.end?.isAnnounced === true
  }

  /** Resolves when it has ended or was let go. */
  async whenDone(): Promise<void> {
    await this.#done
  }

  /** Written down when it returns. A discard overrides a save, never the other way round. */
  async stop(order: StopOrder): Promise<void> {
    const { stop, end } = this.context.record
    if (end) return
    const isStronger = stop?.mode === 'save' && order.mode === 'discard' && order.failure === null
    if (stop && !isStronger) return
    await this.context.update({ stop: order })
    this.#interrupt()
  }

  /** Asks for a checkpoint now. */
  requestSave(): void {
    this.#isSaveWanted = true
    this.#poke()
  }

  async pause(why: string): Promise<void> {
    const { machine, isPaused, readyAt, stop } = this.context.record
    if (isPaused || !machine || !readyAt || stop) return
    await this.context.update({ isPaused: true })
    await this.context.deps.driver.pause(machine)
    this.context.feed.line('agent', why, 'warn')
  }

  async resume(why: string): Promise<void> {
    if (!this.context.record.isPaused) return
    await unpause(this.context)
    this.context.feed.line('agent', why)
    this.#poke()
  }

  /** Packs the files onto this host's disk and leaves the machine paused. */
  async packLocally(signal: AbortSignal): Promise<void> {
    const { clock } = this.context.deps
    await runPlan([packWorkspace(this.context, 'checkpoint')], signal, {
      clock,
      onStep: tellSteps(this.context),
    })
    await this.pause('packed on this host and paused: Vessel could not be reached for long')
  }

  /** Another host may run the project now: close the door, keep the files apart, end. */
  async surrender(): Promise<void> {
    const { record, deps, feed } = this.context
    if (record.isLeaseLost || record.end) return
    await this.context.update({ isLeaseLost: true })
    feed.line('agent', 'this host no longer holds the project; its files are kept apart', 'warn')
    await deps.routes.withdraw(record.session)
    await this.stop({ mode: 'save', reason: 'host_lost', failure: null })
  }

  /** Lets go without touching the machine: the next agent takes it over. */
  async detach(): Promise<void> {
    this.#detached.abort(new VesselError('SHUTTING_DOWN'))
    this.#interrupt()
    await this.#done
  }

  #poke(): void {
    this.#wake.resolve()
    this.#wake = Promise.withResolvers()
  }

  #interrupt(): void {
    this.#activity.abort(new VesselError('CANCELLED'))
    this.#poke()
  }

  async #drive(): Promise<void> {
    const listening = new AbortController()
    const listener = listenToMachine(this.context, listening.signal)
    const { deps } = this.context
    while (!this.hasEnded && !this.#detached.signal.aborted) {
      this.#activity = new AbortController()
      const signal = AbortSignal.any([this.#activity.signal, this.#detached.signal])
      try {
        await this.#advance(signal)
      } catch (thrown) {
        if (signal.aborted) continue
        deps.log.error({ session: this.context.record.session, err: thrown }, 'session not driven')
        await deps.clock.sleep(RECOVER_MS, this.#detached.signal).catch(() => undefined)
      }
    }
    listening.abort()
    await listener
  }

  /** The next thing to do, chosen from the record and nothing else. */
  async #advance(signal: AbortSignal): Promise<void> {
    const { record } = this.context
    if (record.end) return concludeSession(this.context)
    if (record.stop) return this.#end(signal)
    if (!record.readyAt) return this.#boot(signal)
    await announceReady(this.context)
    await this.#tend(signal)
  }

  async #boot(signal: AbortSignal): Promise<void> {
    try {
      await bootSession(this.context, signal)
    } catch (thrown) {
      if (signal.aborted) return
      await this.stop(bootFailure(thrown))
    }
  }

  async #tend(signal: AbortSignal): Promise<void> {
    try {
      await tendMachine(
        this.context,
        {
          ...this.#times,
          takeSaveRequest: () => {
            const wanted = this.#isSaveWanted
            this.#isSaveWanted = false
            return wanted
          },
          onSuperseded: () => {
            this.surrender().catch((thrown) => {
              this.context.deps.log.error({ err: thrown }, 'session not surrendered')
            })
          },
          wake: () => this.#wake.promise,
        },
        signal,
      )
    } catch (thrown) {
      if (!(thrown instanceof MachineLost)) throw thrown
      const error = new VesselError('MACHINE_DIED', { detail: thrown.message, cause: thrown })
      const failure = { stage: 'boot' as const, error: error.toShape() }
      await this.stop({ mode: 'save', reason: 'machine_died', failure })
    }
  }

  async #end(signal: AbortSignal): Promise<void> {
    const { context } = this
    const { clock } = context.deps
    if (mustSave(context)) {
      try {
        await saveForGood(context, signal)
      } catch (thrown) {
        if (signal.aborted) return
        // Not destroyed, never given up: tried again until it works or the user discards it.
        const attempt = context.record.saveAttempt + 1
        const retryInMs = retryDelayMs(attempt, this.#times.saveRetryMsMax)
        await noteSaveFailure(context, thrown, retryInMs)
        await clock.sleep(retryInMs, signal).catch(() => undefined)
        return
      }
    }
    await takeDown(context, this.#detached.signal)
    await concludeSession(context)
  }
}
