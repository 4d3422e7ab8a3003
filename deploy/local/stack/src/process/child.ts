import { type ChildProcess, spawn } from 'node:child_process'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLineSplitter, readableLine } from './log-lines.ts'
import { identify, isRunning, type ProcessIdentity } from './process-identity.ts'

/** How one service of the stack is started and known to be ready. */
export interface ServiceSpec {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly isReady: (signal: AbortSignal) => Promise<boolean>
  /** Time for an orderly end; then it is killed. */
  readonly stopTimeoutMs?: number
}

export interface ChildEvents {
  line(name: string, line: string): void
  /** What the supervisor itself has to say about the child. */
  notice(name: string, text: string): void
  /** The set of running processes changed. */
  changed(): void
}

export interface SupervisedChild {
  readonly name: string
  readonly pid: number | null
  readonly identity: ProcessIdentity | null
  start(): Promise<void>
  /** Orderly end; the child stays down. */
  stop(): Promise<void>
  /** kill -9. The child stays down until `start`, unless `isRevived`. */
  kill(isRevived?: boolean): Promise<void>
}

const READY_TIMEOUT_MS = 90_000
const READY_ASK_EVERY_MS = 100
const READY_ANSWER_TIMEOUT_MS = 2_000
const STOP_TIMEOUT_MS = 10_000
const BACK_OFF_MS = { first: 500, max: 10_000 } as const
/** A service that ends this often before it was ever ready has a fault no waiting mends. */
const START_FALLS_MAX = 3
/** Shown when it could not start; the log file has everything. */
const LAST_LINES_MAX = 12
/** Having run this long, a child is healthy and its next fall counts as the first. */
const HEALTHY_AFTER_MS = 30_000

export class ServiceEnded extends Error {
  override readonly name = 'ServiceEnded'
}

export function superviseChild(spec: ServiceSpec, events: ChildEvents): SupervisedChild {
  return new Supervisor(spec, events)
}

class Supervisor implements SupervisedChild {
  readonly #spec: ServiceSpec
  readonly #events: ChildEvents
  #child: ChildProcess | null = null
  #identity: ProcessIdentity | null = null
  #exited: Promise<void> = Promise.resolve()
  /** Whether it should run; decides what an exit means. */
  #isWanted = false
  #falls = 0
  #lastLines: string[] = []
  #revival: AbortController | null = null

  constructor(spec: ServiceSpec, events: ChildEvents) {
    this.#spec = spec
    this.#events = events
  }

  get name(): string {
    return this.#spec.name
  }

  get pid(): number | null {
    return this.#child?.pid ?? null
  }

  get identity(): ProcessIdentity | null {
    return this.#identity
  }

  async start(): Promise<void> {
    this.#revival?.abort()
    this.#isWanted = true
    this.#falls = 0
    if (!this.#child) this.#spawn()
    await this.#untilReady()
  }

  async stop(): Promise<void> {
    this.#isWanted = false
    this.#revival?.abort()
    const child = this.#child
    if (!child) return
    this.#signal('SIGTERM')
    const timeoutMs = this.#spec.stopTimeoutMs ?? STOP_TIMEOUT_MS
    const cancel = new AbortController()
    const tooLate = sleep(timeoutMs, true, { signal: cancel.signal }).catch(() => false)
    if (await Promise.race([this.#exited.then(() => false), tooLate])) {
      this.#events.notice(this.name, `did not end within ${timeoutMs / 1_000} s: killed`)
      this.#signal('SIGKILL', true)
    }
    cancel.abort()
    await this.#exited
  }

  async kill(isRevived = false): Promise<void> {
    if (!isRevived) {
      this.#isWanted = false
      this.#revival?.abort()
    }
    this.#signal('SIGKILL')
    await this.#exited
  }

  /** To the whole group only at the very end: a service's own children may have to outlive it. */
  #signal(signal: NodeJS.Signals, isGroup = false): void {
    const pid = this.#child?.pid
    if (!pid || !this.#identity || !isRunning(this.#identity)) return
    process.kill(isGroup ? -pid : pid, signal)
  }

  #spawn(): void {
    const { command, args, cwd, env, name } = this.#spec
    // Own process group: Ctrl-C in the terminal reaches the launcher only, which ends in order.
    const child = spawn(command, args, {
      cwd,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    this.#identity = child.pid ? identify(child.pid) : null
    const startedAt = Date.now()
    for (const stream of [child.stdout, child.stderr]) {
      const splitter = createLineSplitter((line) => this.#hear(line))
      stream.setEncoding('utf8')
      stream.on('data', (text: string) => splitter.push(text))
      stream.on('end', () => splitter.end())
    }
    this.#exited = new Promise((resolve) => {
      child.once('error', (error) => {
        this.#events.notice(name, `cannot be started: ${error.message}`)
        if (!child.pid) this.#onExit(`${error.message}`, startedAt, resolve)
      })
      child.once('exit', (code, signal) => this.#onExit(`${signal ?? code}`, startedAt, resolve))
    })
    this.#events.changed()
  }

  #hear(line: string): void {
    this.#lastLines = [...this.#lastLines, line].slice(-LAST_LINES_MAX)
    this.#events.line(this.name, line)
  }

  #onExit(how: string, startedAt: number, resolve: () => void): void {
    this.#child = null
    this.#identity = null
    this.#events.changed()
    if (this.#isWanted) {
      if (Date.now() - startedAt > HEALTHY_AFTER_MS) this.#falls = 0
      const waitMs = Math.min(BACK_OFF_MS.first * 2 ** this.#falls, BACK_OFF_MS.max)
      this.#falls += 1
      this.#events.notice(this.name, `ended (${how}); starting again in ${waitMs / 1_000} s`)
      this.#revive(waitMs).catch(() => undefined)
    }
    resolve()
  }

  async #revive(waitMs: number): Promise<void> {
    this.#revival = new AbortController()
    await sleep(waitMs, undefined, { signal: this.#revival.signal })
    if (this.#isWanted && !this.#child) this.#spawn()
  }

  async #untilReady(): Promise<void> {
    const giveUpAt = Date.now() + READY_TIMEOUT_MS
    for (;;) {
      if (!this.#isWanted) throw new ServiceEnded(`${this.name} was stopped while it started`)
      const signal = AbortSignal.timeout(READY_ANSWER_TIMEOUT_MS)
      if (this.#identity && (await this.#spec.isReady(signal).catch(() => false))) return
      // One that fell often and stands now has its time like any other.
      if (this.#falls >= START_FALLS_MAX && !this.#child) {
        const said = this.#lastLines.map((line) => `  ${readableLine(line).text}`).join('\n')
        throw new ServiceEnded(`${this.name} does not start; the last it said:\n${said}`)
      }
      if (Date.now() > giveUpAt) {
        throw new ServiceEnded(`${this.name} was not ready within ${READY_TIMEOUT_MS / 1_000} s`)
      }
      await sleep(READY_ASK_EVERY_MS)
    }
  }
}
