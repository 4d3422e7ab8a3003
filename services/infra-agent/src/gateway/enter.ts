import { ERRORS, VesselError } from '@vessel/proto/errors'
import { TICKET_COOKIE } from '@vessel/proto/headers'
import type { ProjectSlug } from '@vessel/proto/ids'
import { TICKET_TTL_MS } from '@vessel/proto/requests/redeem'
import type { WorkspaceBase } from '../config.ts'
import type { Orchestrator } from '../vm/ports.ts'
import { safePath } from './safe-path.ts'
import { parseWorkspaceHost } from './workspace-host.ts'

export interface EnterQuestion {
  readonly method: string | undefined
  readonly host: string | undefined
  readonly query: URLSearchParams
  readonly purpose: string | undefined
  readonly destination: string | undefined
}
export interface EnterAnswer {
  readonly status: 303
  readonly headers: Readonly<Record<string, string>>
}
export interface EnterDeps {
  readonly base: WorkspaceBase
  readonly orchestrator: Orchestrator
  /** Codes of sessions that were started by hand, which no orchestrator knows. */
  readonly redeemLocally: (code: string, slug: ProjectSlug) => Promise<string | null>
}

const CODE_PATTERN = /^[A-Za-z0-9_-]{20,200}$/
/** A code is spent only by a person going there, not by a preview, a scanner or an image tag. */
const DESTINATIONS = new Set(['document', 'iframe', 'frame'])
const REDEEM_TIMEOUT_MS = 10_000

function isNavigation(question: EnterQuestion): boolean {
  const { destination, purpose } = question
  if (purpose !== undefined && /prefetch|prerender|preview/i.test(purpose)) return false
  return destination === undefined || DESTINATIONS.has(destination)
}

async function redeem(code: string, slug: ProjectSlug, deps: EnterDeps) {
  const own = await deps.redeemLocally(code, slug)
  if (own !== null) return { ticket: own, maxAgeS: TICKET_TTL_MS / 1_000 }
  const signal = AbortSignal.timeout(REDEEM_TIMEOUT_MS)
  return deps.orchestrator.ask('redeem', { code, slug }, signal)
}

/** Trades the one-time code of the address for the cookie of this host, and goes on to the IDE. */
export async function enterWorkspace(
  question: EnterQuestion,
  deps: EnterDeps,
): Promise<EnterAnswer> {
  const host = parseWorkspaceHost(question.host, deps.base)
  if (!host) throw new VesselError('NOT_FOUND')
  if (question.method !== 'GET') throw new VesselError('METHOD_NOT_ALLOWED')
  if (!isNavigation(question)) throw new VesselError('FORBIDDEN')
  const code = question.query.get('code') ?? ''
  if (!CODE_PATTERN.test(code)) throw new VesselError('CODE_INVALID')

  const { ticket, maxAgeS } = await redeem(code, host.slug, deps)
  if (!/^[\w.-]+$/.test(ticket))
    throw new VesselError('INTERNAL', { detail: ERRORS.INTERNAL.title })
  const cookie = [
    `${TICKET_COOKIE}=${ticket}`,
    'Path=/',
    'Secure',
    'HttpOnly',
    'SameSite=None',
    'Partitioned',
    `Max-Age=${maxAgeS}`,
  ].join('; ')
  return {
    status: 303,
    headers: { 'set-cookie': cookie, location: safePath(question.query.get('path')) },
  }
}
