import { type ErrorCode, VesselError } from '@vessel/proto/errors'
import { HEADERS } from '@vessel/proto/headers'
import type { SessionId, VisitorId } from '@vessel/proto/ids'
import type { TicketClaims } from '@vessel/proto/ticket'
import type { WorkspaceBase } from '../config.ts'
import type { Clock } from '../vm/ports.ts'
import type { VmRecord } from '../vm/record.ts'
import { ticketFrom, withoutTicket } from './cookies.ts'
import { verifyTicket } from './ticket.ts'
import { parseWorkspaceHost, type WorkspaceHost } from './workspace-host.ts'

/** A browser's request as the gateway tells it. The gateway sets these, never the client. */
export interface AccessQuestion {
  readonly host: string | undefined
  readonly method: string | undefined
  readonly origin: string | undefined
  readonly cookie: string | undefined
  readonly isWebSocket: boolean
}
export interface AccessGranted {
  readonly headers: Readonly<Record<string, string>>
}

export interface AccessDeps {
  readonly base: WorkspaceBase
  readonly clock: Clock
  /** The run that holds a name now, with a wait for it to become ready. */
  findRun(host: WorkspaceHost): VmRecord | null
  /** Returns when whom the ticket was made for may still come in. */
  admit(session: SessionId, visitor: VisitorId): Promise<void>
}

/** Held requests at once; more than this is not the end of a boot. */
const HELD_MAX = 256
export const HOLD_REQUEST_MS = 10_000
const LOOK_EVERY_MS = 100

const READS = new Set(['GET', 'HEAD', 'OPTIONS'])

const refuse = (code: ErrorCode, detail?: string): never => {
  throw new VesselError(code, detail === undefined ? {} : { detail })
}

/** Only a page of the workspace itself may change something in it or open a socket to it. */
function checkOrigin(question: AccessQuestion, host: WorkspaceHost): void {
  const isRead = READS.has(question.method ?? '') && !question.isWebSocket
  if (isRead || question.origin === undefined) return
  if (question.origin !== host.origin) refuse('ORIGIN_REFUSED')
}

async function checkTicket(
  question: AccessQuestion,
  run: VmRecord,
  deps: AccessDeps,
): Promise<TicketClaims> {
  const ticket = ticketFrom(question.cookie) ?? refuse('TICKET_INVALID')
  const claims = await verifyTicket(ticket, run.ticketKeys, new Date(deps.clock.now()))
  // A ticket of another run, even of the same project, opens nothing here.
  const isThisRun =
    claims.sid === run.session && claims.epoch === run.epoch && claims.slug === run.slug
  if (!isThisRun) refuse('FORBIDDEN', 'Open this project from the dashboard again.')
  return claims
}

/** Decides whether a request may reach a machine. Anything but a grant is thrown. */
export function createAccessCheck(deps: AccessDeps) {
  let held = 0

  async function waitUntilReady(host: WorkspaceHost, run: VmRecord): Promise<VmRecord> {
    if (run.readyAt) return run
    if (held >= HELD_MAX) refuse('OVERLOADED')
    held += 1
    try {
      const untilMs = deps.clock.monotonic() + HOLD_REQUEST_MS
      while (deps.clock.monotonic() < untilMs) {
        await deps.clock.sleep(LOOK_EVERY_MS)
        const now = deps.findRun(host)
        if (now?.session !== run.session) return refuse('SESSION_NOT_LIVE')
        if (now.readyAt) return now
      }
    } finally {
      held -= 1
    }
    return refuse('SESSION_BUSY', 'This project is still starting. Reload in a moment.')
  }

  return async (question: AccessQuestion): Promise<AccessGranted> => {
    const host = parseWorkspaceHost(question.host, deps.base) ?? refuse('NOT_FOUND')
    const found = deps.findRun(host) ?? refuse('NOT_FOUND', 'This project is not running here.')
    checkOrigin(question, host)
    const { visitor } = await checkTicket(question, found, deps)
    const run = await waitUntilReady(host, found)
    if (run.isLeaseLost || run.isPaused) refuse('HOST_UNREACHABLE', 'This project is paused.')
    // Last of what takes time: who has ended meanwhile is not let in.
    if (visitor !== undefined) await deps.admit(run.session, visitor)
    // The number is compared with what the machine reported, never passed through.
    const port = run.ports.find((known) => known === host.port)
    if (host.port !== null && port === undefined) refuse('NOT_FOUND', 'Nothing listens there.')
    return {
      headers: {
        [HEADERS.guestToken]: run.token,
        [HEADERS.target]: port === undefined ? 'ide' : `port:${port}`,
        [HEADERS.visitor]: visitor ?? '',
        cookie: withoutTicket(question.cookie),
      },
    }
  }
}
export type AccessCheck = ReturnType<typeof createAccessCheck>
