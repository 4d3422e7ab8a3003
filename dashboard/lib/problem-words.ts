import { ERRORS, type ErrorCode, VesselError } from '@vessel/proto/errors'
import { NetworkError } from './network-error.ts'

export interface Words {
  /** What happened, one sentence. */
  readonly title: string
  /** What to do about it, when there is more to say than the title does. */
  readonly hint: string | null
  /** Trying the same again may work. */
  readonly isRetryable: boolean
}

const HINTS: Partial<Record<ErrorCode, string>> = {
  LIMIT_SESSIONS: 'Save & exit another project, then open this one.',
  LIMIT_MEMORY: 'Save & exit another project, or give this one less memory in its settings.',
  NAME_TAKEN: 'Choose another name.',
  SESSION_BUSY: 'It usually takes a few seconds.',
  ARCHIVE_CORRUPT: 'Pack the zip again and upload it once more.',
  ARCHIVE_UNSUPPORTED: 'Upload a .zip file.',
  INTERNAL: 'Try again. If it stays, tell whoever runs this server.',
  TIMEOUT: 'Try again in a moment.',
}

const FIELDS: Readonly<Record<string, string>> = {
  name: 'Name',
  'settings.spec.memoryMib': 'Memory',
  'settings.spec.cpuCount': 'CPU',
  'settings.idleStopMs': 'Idle time',
  'settings.ignore': 'Ignore list',
  'settings.environment': 'Environment variables',
}

function issueText(error: VesselError): string | null {
  const issue = error.issues?.[0]
  if (!issue) return null
  const field = FIELDS[issue.path] ?? issue.path
  return `${field}: ${issue.message}`
}

/** The only place that turns an error into words for people. */
export function wordsFor(error: unknown): Words {
  if (error instanceof NetworkError) {
    return {
      title: 'The server cannot be reached.',
      hint: 'Check your connection. We keep trying.',
      isRetryable: true,
    }
  }
  if (!(error instanceof VesselError)) {
    return { title: ERRORS.INTERNAL.title, hint: HINTS.INTERNAL ?? null, isRetryable: true }
  }
  const hint = (error.code === 'VALIDATION' ? issueText(error) : null) ?? HINTS[error.code] ?? null
  return { title: ERRORS[error.code].title, hint, isRetryable: error.isRetryable }
}

export function isCode(error: unknown, code: ErrorCode): boolean {
  return error instanceof VesselError && error.code === code
}
