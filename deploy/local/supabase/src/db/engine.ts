import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { EngineMessage, EngineReply, Statement, StatementResult } from './engine-messages.ts'
import { DatabaseUnavailable, PgError } from './pg-error.ts'

/** Opening replays the write-ahead log after a crash; beyond this the files are broken. */
const OPEN_TIMEOUT_MS = 60_000
const CLOSE_TIMEOUT_MS = 10_000

interface Waiter {
  resolve: (reply: EngineReply) => void
  reject: (error: Error) => void
}

/** One running engine. After a timeout or crash it is dead; the owner opens a new one. */
export interface Engine {
  readonly isDead: boolean
  run(statements: readonly Statement[], timeoutMs: number): Promise<StatementResult[]>
  close(): Promise<void>
}

class WorkerEngine implements Engine {
  readonly #worker: Worker
  readonly #waiters = new Map<number, Waiter>()
  #nextId = 1
  #isDead = false

  constructor(worker: Worker) {
    this.#worker = worker
    worker.on('message', (message: EngineMessage) => {
      if (typeof message === 'string') return
      this.#waiters.get(message.id)?.resolve(message)
      this.#waiters.delete(message.id)
    })
    worker.on('error', (error) => this.#die(`the database engine failed: ${error.message}`))
    worker.on('exit', () => this.#die('the database engine ended'))
  }

  get isDead(): boolean {
    return this.#isDead
  }

  async run(statements: readonly Statement[], timeoutMs: number): Promise<StatementResult[]> {
    if (this.#isDead) throw new DatabaseUnavailable('crashed', 'the database engine has ended')
    const id = this.#nextId++
    // A statement cannot be cancelled inside the engine, so an endless one ends with its thread.
    // What was committed before is on disk, as after a crash of any Postgres.
    const timer = setTimeout(() => this.#timeOut(id), timeoutMs)
    try {
      const reply = await new Promise<EngineReply>((resolve, reject) => {
        this.#waiters.set(id, { resolve, reject })
        this.#worker.postMessage({ id, statements })
      })
      if ('error' in reply) throw new PgError(reply.error)
      return reply.results
    } finally {
      clearTimeout(timer)
    }
  }

  async close(): Promise<void> {
    if (this.#isDead) return
    this.#isDead = true
    const exited = once(this.#worker, 'exit')
    this.#worker.postMessage('close')
    const timer = setTimeout(() => void this.#worker.terminate(), CLOSE_TIMEOUT_MS)
    await exited
    clearTimeout(timer)
  }

  #timeOut(id: number): void {
    const fields = { detail: null, hint: null, constraint: null }
    const message = 'canceling statement due to statement timeout'
    this.#waiters.get(id)?.reject(new PgError({ ...fields, code: '57014', message }))
    this.#waiters.delete(id)
    this.#die('the database engine was restarted after a statement timeout')
    void this.#worker.terminate()
  }

  #die(message: string): void {
    this.#isDead = true
    for (const waiter of this.#waiters.values()) {
      waiter.reject(new DatabaseUnavailable('crashed', message))
    }
    this.#waiters.clear()
  }
}

/** Opens the Postgres data directory, creating it when it is new (some seconds). */
export async function openEngine(dataDir: string): Promise<Engine> {
  const worker = new Worker(new URL('./engine-worker.ts', import.meta.url), {
    workerData: { dataDir },
    execArgv: [],
  })
  const signal = AbortSignal.timeout(OPEN_TIMEOUT_MS)
  try {
    await once(worker, 'message', { signal })
  } catch (cause) {
    await worker.terminate()
    throw new Error(`cannot open the database in ${dataDir}`, { cause })
  }
  return new WorkerEngine(worker)
}
