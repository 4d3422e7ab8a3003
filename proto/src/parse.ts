import type { z } from 'zod'
import { VesselError } from './errors.ts'

/** Largest message accepted on the bus: NATS' own default limit. */
export const MESSAGE_BYTES_MAX = 1024 * 1024

function dotted(path: readonly PropertyKey[]): string {
  return path.map(String).join('.') || '(root)'
}

/** Parses a value, or throws VALIDATION naming every fault's path. Unknown fields are dropped. */
export function parseValue<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value)
  if (result.success) return result.data

  const issues = result.error.issues
    .slice(0, 100)
    .map((issue) => ({ path: dotted(issue.path), message: issue.message }))
  const first = issues[0]
  throw new VesselError('VALIDATION', {
    detail: first ? `${first.path}: ${first.message}` : 'invalid message',
    issues,
  })
}

/** Parses JSON text or bytes by a schema; malformed JSON is BAD_REQUEST. */
export function parseJson<S extends z.ZodType>(schema: S, data: string | Uint8Array): z.output<S> {
  if (data.length > MESSAGE_BYTES_MAX) throw new VesselError('BODY_TOO_LARGE')
  let value: unknown
  try {
    value = JSON.parse(typeof data === 'string' ? data : new TextDecoder().decode(data))
  } catch (cause) {
    throw new VesselError('BAD_REQUEST', { detail: 'not JSON', cause })
  }
  return parseValue(schema, value)
}
