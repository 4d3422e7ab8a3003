import type { ChildProcess } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { rm } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { VesselError } from '@vessel/proto/errors'
import type { GuestHealth } from '@vessel/proto/guest/api'
import { createLineSplitter } from '../stream/line-splitter.ts'
import { rememberGroup, stopLeftover } from './leftover.ts'
import { probe } from './probe.ts'
import { type GroupInput, spawnGroup, started, stopGroup } from './process-group.ts'

type State = GuestHealth['ide']

/** VS Code answers within a second; a cold disk in an emulated machine takes some tens. */
const UP_MS = 90_000
const PROBE_EVERY_MS = 50
/** An IDE that dies this often is broken; its owner is told instead of waiting. */
const RESTARTS_MAX = 5
const RESTART_FIRST_MS = 250
const RESTART_LAST_MS = 8_000
/** Up for this long, an IDE counts as healthy and earns its restarts back. */
const STEADY_MS = 60_000

export interface IdeDeps {
  readonly group: GroupInput
  readonly socket: string
  readonly healthPath: string
  /** Where the pid is remembered across a restart of the guest agent. */
  readonly pidFile: string
  readonly log: (source: 'guest' | 'ide', level: 'info' | 'warn' | 'error', text: string) => void
}

/** Keeps the IDE running: starts it, waits until it answers, starts it again when it dies. */
export class Ide {
  readonly #deps: IdeDeps
  readonly #changes = new EventEmitter<{ change: [] }>()
  #state: State = 'stopped'
  #child: ChildProcess | undefined
  #running: Promise<void> | undefined
  #stop = new AbortController()

  constructor(deps: IdeDeps) {
    this.#deps = deps
    // Every request held during a boot waits here; the server bounds how many there are.
    this.#changes.setMaxListeners(0)
  }

  get state(): State {
    return this.#state
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** Starts the IDE unless it already is, and answers at once: `starting` becomes `up` later. */
  start(): State {
    if (this.#state === 'starting' || this.#state === 'up') return this.#state
    this.#stop = new AbortController()
    this.#set('starting')
    this.#running = this.#supervise(this.#stop.signal)
    return this.#state
  }

  /** Waits while the IDE is starting, at most this long; false when it still is not up. */
  async whenUp(timeoutMs: number): Promise<boolean> {
    const timeout = AbortSignal.timeout(timeoutMs)
    while (this.#state === 'starting' && !timeout.aborted) {
      // A timeout ends the wait like a change does; the state below says which it was.
      await once(this.#changes, 'change', { signal: timeout }).catch(() => undefined)
    }
    return this.#state === 'up'
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
    this.#set('stopped')
  }

  async #supervise(signal: AbortSignal): Promise<void> {
    for (let restarts = 0; !signal.aborted; restarts += 1) {
      const upForMs = await this.#runOnce(signal)
      if (signal.aborted) return
      if (upForMs > STEADY_MS) restarts = 0
      if (restarts >= RESTARTS_MAX) {
        this.#deps.log('guest', 'error', 'VS Code keeps ending and is not started again')
        return this.#set('failed')
      }
      const delayMs = Math.min(RESTART_LAST_MS, RESTART_FIRST_MS * 2 ** restarts)
      this.#deps.log('guest', 'warn', `VS Code ended; starting it again in ${delayMs} ms`)
      await setTimeout(delayMs, undefined, { signal }).catch(() => undefined)
    }
  }

  /** One life of the IDE, from start to end; how long it was up. */
  async #runOnce(signal: AbortSignal): Promise<number> {
    let upSince: number | undefined
    let pid: number | undefined
    try {
      await stopLeftover(this.#deps.pidFile)
      await rm(this.#deps.socket, { force: true })
      const child = this.#spawn()
      const ended = endOf(child)
      pid = await started(child)
      this.#child = child
      await rememberGroup(this.#deps.pidFile, pid)
      await this.#untilUp(ended, signal)
      upSince = performance.now()
      this.#set('up')
      await Promise.race([ended, aborted(signal)])
    } catch (thrown) {
      if (!signal.aborted) this.#deps.log('guest', 'error', VesselError.from(thrown).message)
    } finally {
      // At once: requests wait for the next one instead of failing on a dead socket.
      if (!signal.aborted) this.#set('starting')
      // Also when the leader died: its terminals and extension hosts must not outlive it.
      if (pid !== undefined) await stopGroup(pid)
      this.#child = undefined
      await rm(this.#deps.pidFile, { force: true })
    }
    return upSince === undefined ? 0 : performance.now() - upSince
  }

  #spawn(): ChildProcess {
    const child = spawnGroup(this.#deps.group)
    for (const stream of [child.stdout, child.stderr]) {
      const lines = createLineSplitter(
        (line) => line.trim() !== '' && this.#deps.log('ide', 'info', line),
        () => performance.now(),
      )
      stream?.on('data', (chunk: Buffer) => lines.push(chunk))
      stream?.once('end', () => lines.end())
    }
    return child
  }

  async #untilUp(ended: Promise<string>, signal: AbortSignal): Promise<void> {
    let end: string | undefined
    void ended.then((how) => {
      end = how
    })
    const deadline = performance.now() + UP_MS
    while (!(await probe(this.#deps.socket, this.#deps.healthPath))) {
      signal.throwIfAborted()
      if (end !== undefined) throw new VesselError('IDE_FAILED', { detail: `VS Code ${end}` })
      if (performance.now() > deadline) {
        throw new VesselError('IDE_FAILED', { detail: `VS Code did not answer in ${UP_MS} ms` })
      }
      await setTimeout(PROBE_EVERY_MS)
    }
  }

  #set(state: State): void {
    this.#state = state
    this.#changes.emit('change')
  }
}

/** Resolves with words for how a process ended; a failed start is an end too. */
function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`))
    child.once('exit', (code, signal) => resolve(`ended with ${signal ?? `code ${code}`}`))
  })
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
