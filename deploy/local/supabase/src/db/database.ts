import { type Engine, openEngine } from './engine.ts'
import type { Statement, StatementResult } from './engine-messages.ts'
import { FairQueue } from './fair-queue.ts'
import { DatabaseUnavailable } from './pg-error.ts'

export type Role = 'anon' | 'authenticated' | 'service_role'

/** On whose behalf a transaction runs. Without a role it runs as the owner of the database. */
export interface Caller {
  readonly role: Role | null
  readonly claims: Readonly<Record<string, unknown>>
  /** Requests of one key wait in one line of the queue. */
  readonly queueKey: string
}

export const OWNER: Caller = { role: null, claims: {}, queueKey: 'owner' }

export interface Transaction {
  query<R = Record<string, unknown>>(sql: string, params?: readonly unknown[]): Promise<R[]>
  /** Like `query`, answering how many rows were changed. */
  execute(sql: string, params?: readonly unknown[]): Promise<number>
  script(sql: string): Promise<void>
}

export interface TransactionOptions {
  readonly isReadOnly?: boolean
  /** Undo everything at the end: a trial whether something would be allowed. */
  readonly isTrial?: boolean
}

export interface Database {
  readonly waiting: number
  transaction<T>(
    caller: Caller,
    work: (tx: Transaction) => Promise<T>,
    options?: TransactionOptions,
  ): Promise<T>
  /** One statement outside of any transaction, as the owner: what Postgres allows nowhere else. */
  maintain(sql: string): Promise<void>
  ping(): Promise<void>
  close(): Promise<void>
}

export interface DatabaseOptions {
  readonly dataDir: string
  readonly statementTimeoutMs: number
}

const SET_CALLER = `select set_config('search_path', '"public", "extensions"', true),
 set_config('request.jwt.claims', $1, true), set_config('role', $2, true)`

function prelude(caller: Caller, isReadOnly: boolean): Statement[] {
  const begin = { sql: isReadOnly ? 'begin read only' : 'begin' }
  if (caller.role === null) return [begin]
  const params = [JSON.stringify({ ...caller.claims, role: caller.role }), caller.role]
  return [begin, { sql: SET_CALLER, params }]
}

class EngineDatabase implements Database {
  readonly #queue = new FairQueue()
  readonly #options: DatabaseOptions
  #engine: Engine
  #isClosed = false

  constructor(options: DatabaseOptions, engine: Engine) {
    this.#options = options
    this.#engine = engine
  }

  get waiting(): number {
    return this.#queue.waiting
  }

  transaction<T>(
    caller: Caller,
    work: (tx: Transaction) => Promise<T>,
    options: TransactionOptions = {},
  ): Promise<T> {
    return this.#queue.run(caller.queueKey, async () => {
      const engine = await this.#living()
      const run = this.#runner(engine, prelude(caller, options.isReadOnly === true))
      try {
        const result = await work(transactionOn(run))
        await run([{ sql: options.isTrial === true ? 'rollback' : 'commit' }])
        return result
      } catch (error) {
        if (!engine.isDead) await run([{ sql: 'rollback' }])
        throw error
      }
    })
  }

  maintain(sql: string): Promise<void> {
    return this.#queue.run(OWNER.queueKey, async () => {
      const engine = await this.#living()
      await engine.run([{ sql }], this.#options.statementTimeoutMs)
    })
  }

  async ping(): Promise<void> {
    await this.transaction(OWNER, (tx) => tx.query('select 1', []))
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await this.#queue.run('owner', () => this.#engine.close())
  }

  async #living(): Promise<Engine> {
    if (this.#isClosed) throw new DatabaseUnavailable('stopped', 'the database is closed')
    if (this.#engine.isDead) this.#engine = await openEngine(this.#options.dataDir)
    return this.#engine
  }

  /** The prelude rides with the first statement, which saves a round trip to the engine. */
  #runner(engine: Engine, first: Statement[]) {
    let before = first
    return async (statements: readonly Statement[]): Promise<StatementResult[]> => {
      const head = before
      before = []
      const results = await engine.run([...head, ...statements], this.#options.statementTimeoutMs)
      return results.slice(head.length)
    }
  }
}

type Run = (statements: readonly Statement[]) => Promise<StatementResult[]>

function transactionOn(run: Run): Transaction {
  const one = async (sql: string, params: readonly unknown[]) => {
    const [result] = await run([{ sql, params }])
    return result ?? { rows: [], affectedRows: 0 }
  }
  return {
    query: async <R>(sql: string, params: readonly unknown[] = []) =>
      (await one(sql, params)).rows as R[],
    execute: async (sql, params = []) => (await one(sql, params)).affectedRows,
    script: async (sql) => void (await run([{ sql }])),
  }
}

export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  return new EngineDatabase(options, await openEngine(options.dataDir))
}
