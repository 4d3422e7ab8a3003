import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { ERRORS, type ErrorCode, VesselError } from '@vessel/proto/errors'
import { z } from 'zod'
import { Slots } from '../slots.ts'

/** A query that takes longer holds up a person; the database stops it at about the same time. */
const QUERY_TIMEOUT_MS = 10_000

export interface StoreOptions {
  readonly url: string
  readonly serviceRoleKey: string
  readonly timeoutMs?: number
  /** Questions open at once; others wait for their turn, the time of which does not count. */
  readonly atOnceMax?: number
}

/** The database and the file store as the API may use them: everything, so every caller checks. */
export function createStoreClient(options: StoreOptions): SupabaseClient {
  const timeoutMs = options.timeoutMs ?? QUERY_TIMEOUT_MS
  const slots = new Slots(options.atOnceMax ?? Number.POSITIVE_INFINITY)
  return createClient(options.url, options.serviceRoleKey, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    global: { fetch: (input, init) => slots.run(() => fetchWithin(timeoutMs, input, init)) },
  })
}

function fetchWithin(
  timeoutMs: number,
  input: Parameters<typeof fetch>[0],
  init: RequestInit = {},
) {
  const timeout = AbortSignal.timeout(timeoutMs)
  const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout
  return fetch(input, { ...init, signal })
}

interface Answer {
  readonly data: unknown
  readonly error: { readonly message: string; readonly code?: string } | null
  readonly status: number
}

/** What Postgres calls a duplicate key. */
const UNIQUE_VIOLATION = '23505'

/** The rows of an answer, each parsed by its schema; a refusal as one of our errors. */
export async function rowsOf<S extends z.ZodType>(
  schema: S,
  query: PromiseLike<Answer>,
): Promise<z.output<S>[]> {
  const { data, error, status } = await query
  if (error) throw storeError(error, status)
  const parsed = z.array(schema).safeParse(data ?? [])
  if (parsed.success) return parsed.data
  throw new VesselError('INTERNAL', { detail: 'a row is not as expected', cause: parsed.error })
}

/** The one value of a function that returns no rows. */
export async function scalarOf<S extends z.ZodType>(
  schema: S,
  query: PromiseLike<Answer>,
): Promise<z.output<S>> {
  const { data, error, status } = await query
  if (error) throw storeError(error, status)
  const parsed = schema.safeParse(data)
  if (parsed.success) return parsed.data
  throw new VesselError('INTERNAL', { detail: 'a value is not as expected', cause: parsed.error })
}

/** A function that returns nothing: it was done, or it throws. */
export async function done(query: PromiseLike<Answer>): Promise<void> {
  const { error, status } = await query
  if (error) throw storeError(error, status)
}

function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERRORS, text)
}

function storeError(error: NonNullable<Answer['error']>, status: number): VesselError {
  // Raised by our own functions: the message is the code.
  if (error.code?.startsWith('PT') && isErrorCode(error.message)) {
    return new VesselError(error.message)
  }
  if (error.code === UNIQUE_VIOLATION) return new VesselError('CONFLICT', { cause: error })
  // 0: no answer at all. 5xx and 429: the database, or what stands before it, cannot now.
  if (status === 0 || status === 429 || status >= 500) {
    return new VesselError('STORE_DOWN', { cause: error, retryAfterMs: 2_000 })
  }
  return new VesselError('INTERNAL', { detail: 'the database refused a query', cause: error })
}
