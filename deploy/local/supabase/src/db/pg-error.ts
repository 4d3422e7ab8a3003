/** What Postgres says about a failed statement, in the shape that crosses the worker's port. */
export interface PgErrorFields {
  code: string
  message: string
  detail: string | null
  hint: string | null
  constraint: string | null
}

/** A statement that Postgres refused. `code` is its SQLSTATE. */
export class PgError extends Error {
  override readonly name = 'PgError'
  readonly code: string
  readonly detail: string | null
  readonly hint: string | null
  readonly constraint: string | null

  constructor(fields: PgErrorFields) {
    super(fields.message)
    this.code = fields.code
    this.detail = fields.detail
    this.hint = fields.hint
    this.constraint = fields.constraint
  }
}

/** The engine took too long, died, or has too many callers waiting: worth trying again. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable'
  readonly code: 'timeout' | 'queue-full' | 'stopped' | 'crashed'

  constructor(code: DatabaseUnavailable['code'], message: string) {
    super(message)
    this.code = code
  }
}

export function isPgError(error: unknown, code?: string): error is PgError {
  return error instanceof PgError && (code === undefined || error.code === code)
}
