import type { PgErrorFields } from './pg-error.ts'

/** One statement. Without `params` it may be a whole script and answers no rows. */
export interface Statement {
  readonly sql: string
  readonly params?: readonly unknown[]
}

export interface StatementResult {
  readonly rows: Record<string, unknown>[]
  readonly affectedRows: number
}

export interface EngineRequest {
  readonly id: number
  readonly statements: readonly Statement[]
}

export type EngineReply =
  | { readonly id: number; readonly results: StatementResult[] }
  | { readonly id: number; readonly error: PgErrorFields }

export type EngineMessage = EngineReply | 'ready' | 'closed'
