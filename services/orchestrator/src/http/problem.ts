import { ERRORS, type VesselError } from '@vessel/proto/errors'
import type { Problem } from '@vessel/proto/http/problem'

/** No page of ours is needed to read a problem: `code` says which it is. */
const TYPE = 'about:blank'

export interface ProblemPlace {
  readonly path: string
  readonly traceId: string
}

/** An error as its caller may see it. Of a bug nothing but its trace is told. */
export function problemOf(error: VesselError, { path, traceId }: ProblemPlace): Problem {
  const { status, title } = ERRORS[error.code]
  const isTellable = error.kind !== 'bug' && error.message !== title
  return {
    type: TYPE,
    title,
    status,
    code: error.code,
    ...(isTellable ? { detail: error.message.slice(0, 2_000) } : {}),
    instance: path,
    traceId,
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
    ...(error.issues === undefined ? {} : { issues: [...error.issues] }),
  }
}
