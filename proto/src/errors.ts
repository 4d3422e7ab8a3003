import type { ErrorShape } from './error-shape.ts'

/**
 * Who has to act on an error.
 * refused: the caller (never logged as an error) · unavailable: nobody, it passes (retryable) ·
 * failed: us, a step broke · bug: us, an assertion.
 */
export type ErrorKind = 'refused' | 'unavailable' | 'failed' | 'bug'

export interface ErrorEntry {
  readonly kind: ErrorKind
  readonly status: number
  /** One sentence for people: what happened and what to do. May be reworded; the code may not. */
  readonly title: string
}

const refused = (status: number, title: string): ErrorEntry => ({ kind: 'refused', status, title })
const unavailable = (title: string, status = 503): ErrorEntry => ({
  kind: 'unavailable',
  status,
  title,
})
const failed = (title: string): ErrorEntry => ({ kind: 'failed', status: 500, title })

/** Every code that crosses a boundary. Code and kind are the contract; a code is never reused. */
export const ERRORS = {
  BAD_REQUEST: refused(400, 'The request is not well formed.'),
  VALIDATION: refused(400, 'A field of the request is missing or has the wrong type.'),
  BODY_TOO_LARGE: refused(413, 'The request body is too large.'),
  UNSUPPORTED_MEDIA: refused(415, 'The content type is not supported. Send JSON.'),
  UNAUTHENTICATED: refused(401, 'Log in to continue.'),
  TOKEN_EXPIRED: refused(401, 'Your login has expired. Log in again.'),
  FORBIDDEN: refused(403, 'You are not allowed to do this.'),
  ORIGIN_REFUSED: refused(403, 'Requests from this page are not accepted.'),
  NOT_FOUND: refused(404, 'There is nothing here.'),
  PROJECT_NOT_FOUND: refused(404, 'This project does not exist or is not yours.'),
  SESSION_NOT_FOUND: refused(404, 'This session does not exist or is not yours.'),
  VERSION_NOT_FOUND: refused(404, 'This version does not exist.'),
  HOST_NOT_FOUND: refused(404, 'This host is not known.'),
  LOGIN_NOT_FOUND: refused(404, 'This login has ended already.'),
  TOKEN_NOT_FOUND: refused(404, 'This token does not exist any more.'),
  METHOD_NOT_ALLOWED: refused(405, 'This method is not supported here.'),
  CONFLICT: refused(409, 'Something else changed this first. Reload and try again.'),
  KEY_REUSED: refused(409, 'This Idempotency-Key belongs to another request. Use a new one.'),
  NAME_TAKEN: refused(409, 'You already have a project of this name.'),
  SESSION_LIVE: refused(409, 'The project is running. Save and exit first.'),
  SESSION_NOT_LIVE: refused(409, 'The project is not running.'),
  SESSION_BUSY: refused(409, 'The session is just changing. Try again in a moment.'),
  LIMIT_SESSIONS: refused(429, 'You have too many projects running. Stop one first.'),
  LIMIT_MEMORY: refused(429, 'Your running projects use all the memory you may use. Stop one.'),
  LIMIT_TOKENS: refused(409, 'You have too many tokens. Delete one first.'),
  RATE_LIMITED: refused(429, 'Too many requests. Wait a moment.'),

  CODE_INVALID: refused(403, 'This link was used or has expired. Open the project again.'),
  TICKET_INVALID: refused(401, 'Open this project from the dashboard to get in.'),
  TICKET_REVOKED: refused(403, 'Access to this session was taken back.'),

  ARCHIVE_CORRUPT: refused(422, 'The archive is damaged.'),
  ARCHIVE_UNSAFE: refused(422, 'The archive reaches outside its folder and was refused.'),
  ARCHIVE_TOO_LARGE: refused(422, 'The archive is larger than allowed once unpacked.'),
  ARCHIVE_UNSUPPORTED: refused(422, 'The archive is of a kind Vessel does not read.'),
  ARCHIVE_MISMATCH: failed('The archive is not the one that was stored.'),

  EPOCH_STALE: refused(409, 'A newer run of this project exists.'),
  LEASE_LOST: refused(409, 'Another host holds this project now.'),
  SESSION_UNKNOWN: refused(404, 'The host does not run this session.'),
  HOST_DRAINING: unavailable('The host takes no new sessions.'),
  HOST_FULL: unavailable('The host has no room.'),
  HOST_UNREACHABLE: unavailable('The host does not answer.'),
  OP_IN_FLIGHT: unavailable('The same command is still running.'),

  NO_ROOM: unavailable('No host has room. The session waits in the queue.'),
  NO_HOSTS: unavailable('No host is connected. Whoever runs this server has to start one.'),
  BUS_DOWN: unavailable('The message bus cannot be reached.'),
  STORE_DOWN: unavailable('The database cannot be reached.'),
  CACHE_DOWN: unavailable('The cache cannot be reached.'),
  STORAGE_DOWN: unavailable('The file store cannot be reached.'),
  AUTH_DOWN: unavailable('Access cannot be checked right now.'),
  OVERLOADED: unavailable('The server is busy. Try again in a moment.'),
  SHUTTING_DOWN: unavailable('The server is restarting.'),
  TIMEOUT: unavailable('It took too long.', 504),

  JOURNAL_FAILED: failed('The host could not write its journal.'),
  VOLUME_FAILED: failed('The disk of the machine could not be prepared.'),
  DISK_FULL: failed('A disk is full.'),
  BOOT_FAILED: failed('The machine did not start.'),
  GUEST_TIMEOUT: failed('The machine started but did not answer.'),
  MACHINE_DIED: failed('The machine ended by itself.'),
  DOWNLOAD_FAILED: failed('The files could not be downloaded.'),
  CLONE_FAILED: refused(422, 'The repository could not be cloned. Check address and token.'),
  HYDRATE_FAILED: failed('The files could not be unpacked.'),
  IDE_FAILED: failed('VS Code did not start.'),
  ROUTE_FAILED: failed('The gateway route could not be written.'),
  PACK_FAILED: failed('The files could not be packed.'),
  UPLOAD_FAILED: failed('The files could not be uploaded. They are kept on the host.'),
  COMMIT_FAILED: failed('The save could not be made final. The files are kept on the host.'),
  DESTROY_FAILED: failed('The machine could not be removed.'),
  STEP_STALLED: failed('A step made no progress for too long.'),
  PLACEMENT_FAILED: failed('No host could take the session in time.'),
  CANCELLED: refused(409, 'The work was cancelled.'),

  UNSUPPORTED: refused(501, 'This is not supported here.'),
  INTERNAL: { kind: 'bug', status: 500, title: 'Something broke on our side.' },
} as const satisfies Record<string, ErrorEntry>

export type ErrorCode = keyof typeof ERRORS

export interface VesselErrorOptions {
  readonly detail?: string
  readonly cause?: unknown
  readonly retryAfterMs?: number
  readonly issues?: ErrorShape['issues']
}

/** The only error class that crosses a boundary. `detail` is for people and may say anything. */
export class VesselError extends Error {
  readonly code: ErrorCode
  readonly retryAfterMs: number | undefined
  readonly issues: ErrorShape['issues']

  constructor(code: ErrorCode, options: VesselErrorOptions = {}) {
    super(options.detail ?? ERRORS[code].title, { cause: options.cause })
    this.name = 'VesselError'
    this.code = code
    this.retryAfterMs = options.retryAfterMs
    this.issues = options.issues
  }

  get kind(): ErrorKind {
    return ERRORS[this.code].kind
  }

  get isRetryable(): boolean {
    return this.kind === 'unavailable' || this.kind === 'failed'
  }

  toShape(): ErrorShape {
    return {
      code: this.code,
      message: this.message.slice(0, 2_000),
      ...(this.retryAfterMs === undefined ? {} : { retryAfterMs: this.retryAfterMs }),
      ...(this.issues === undefined ? {} : { issues: this.issues }),
    }
  }

  static fromShape(shape: ErrorShape): VesselError {
    return new VesselError(shape.code, {
      detail: shape.message,
      ...(shape.retryAfterMs === undefined ? {} : { retryAfterMs: shape.retryAfterMs }),
      ...(shape.issues === undefined ? {} : { issues: shape.issues }),
    })
  }

  /** Anything thrown, as one of ours. What is not ours is a bug until a caller says otherwise. */
  static from(thrown: unknown, fallback: ErrorCode = 'INTERNAL'): VesselError {
    if (thrown instanceof VesselError) return thrown
    const detail = thrown instanceof Error ? thrown.message : String(thrown)
    return new VesselError(fallback, { detail, cause: thrown })
  }
}
