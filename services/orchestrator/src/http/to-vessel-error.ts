import { type ErrorCode, VesselError } from '@vessel/proto/errors'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'

/** What Fastify refuses by itself, by the status it would answer with. */
const CODES: Readonly<Record<number, ErrorCode>> = {
  400: 'BAD_REQUEST',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  413: 'BODY_TOO_LARGE',
  414: 'BAD_REQUEST',
  415: 'UNSUPPORTED_MEDIA',
  431: 'BAD_REQUEST',
  503: 'OVERLOADED',
}
const ISSUES_MAX = 100

/** Anything thrown while a request is answered, as one of our errors. */
export function toVesselError(thrown: unknown): VesselError {
  if (thrown instanceof VesselError) return thrown
  if (hasZodFastifySchemaValidationErrors(thrown)) return invalid(thrown.validation)
  if (!(thrown instanceof Error)) return VesselError.from(thrown)
  if (isGone(thrown)) return new VesselError('BAD_REQUEST', { detail: 'the request broke off' })
  if (thrown.name === 'AbortError') return new VesselError('CANCELLED', { cause: thrown })
  if (thrown.name === 'TimeoutError') return new VesselError('TIMEOUT', { cause: thrown })
  const code = refusalOf(thrown)
  return code
    ? new VesselError(code, { detail: thrown.message, cause: thrown })
    : VesselError.from(thrown)
}

interface Fault {
  readonly instancePath: string
  readonly message?: string
}

function invalid(faults: readonly Fault[]): VesselError {
  const issues = faults.slice(0, ISSUES_MAX).map((fault) => ({
    path: fault.instancePath.split('/').filter(Boolean).join('.') || '(root)',
    message: fault.message ?? 'is not valid',
  }))
  const [first] = issues
  const detail = first ? `${first.path}: ${first.message}` : 'The request is not valid.'
  return new VesselError('VALIDATION', { detail, issues })
}

/** Only what Fastify itself threw: a status on any other error is not ours to believe. */
function refusalOf(thrown: Error): ErrorCode | undefined {
  const { code, statusCode } = thrown as { code?: unknown; statusCode?: unknown }
  const isParser = thrown instanceof SyntaxError
  const isFastify = typeof code === 'string' && code.startsWith('FST_')
  if (!isFastify && !isParser) return undefined
  return typeof statusCode === 'number' ? CODES[statusCode] : undefined
}

/** The client went away while its body was read. */
function isGone(thrown: Error): boolean {
  const { code } = thrown as { code?: unknown }
  return code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE'
}
