import { isPgError, type PgError } from '../db/pg-error.ts'

/** The body of every refusal, as PostgREST writes it. */
export interface RestProblem {
  readonly code: string
  readonly message: string
  readonly details: string | null
  readonly hint: string | null
}

export class RestError extends Error {
  override readonly name = 'RestError'
  readonly status: number
  readonly problem: RestProblem

  constructor(status: number, problem: Partial<RestProblem> & Pick<RestProblem, 'code'>) {
    super(problem.message ?? problem.code)
    this.status = status
    this.problem = { message: problem.code, details: null, hint: null, ...problem }
  }
}

export function notSupported(what: string): RestError {
  return new RestError(501, {
    code: 'VESSEL501',
    message: `the local Supabase stand-in does not support ${what}`,
    hint: 'use what design section 8 lists, or run against a real Supabase',
  })
}

export function parseFailed(what: string): RestError {
  return new RestError(400, { code: 'PGRST100', message: `failed to parse ${what}` })
}

const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  '23503': 409,
  '23505': 409,
  '25006': 405,
  '42883': 404,
  '42P01': 404,
  '42P17': 500,
  '53400': 500,
  P0001: 400,
  '57P01': 503,
}

const STATUS_BY_CLASS: Readonly<Record<string, number>> = {
  '08': 503,
  '09': 500,
  '0L': 403,
  '0P': 403,
  '25': 500,
  '28': 403,
  '2D': 500,
  '38': 500,
  '39': 500,
  '3B': 500,
  '40': 500,
  '53': 503,
  '54': 500,
  '55': 500,
  '57': 500,
  '58': 500,
  F0: 500,
  HV: 500,
  P0: 500,
  XX: 500,
}

/** The HTTP status PostgREST gives a SQLSTATE. `PTxyz` is a migration asking for status xyz. */
export function statusOf(code: string, isSignedIn: boolean): number {
  const asked = /^PT([2-5]\d\d)$/.exec(code)
  if (asked) return Number(asked[1])
  if (code === '42501') return isSignedIn ? 403 : 401
  return STATUS_BY_CODE[code] ?? STATUS_BY_CLASS[code.slice(0, 2)] ?? 400
}

export function restErrorFromPg(error: PgError, isSignedIn: boolean): RestError {
  return new RestError(statusOf(error.code, isSignedIn), {
    code: error.code,
    message: error.message,
    details: error.detail,
    hint: error.hint,
  })
}

export function toRestError(error: unknown, isSignedIn: boolean): unknown {
  return isPgError(error) ? restErrorFromPg(error, isSignedIn) : error
}
