import { ERRORS, type ErrorCode } from '@vessel/proto/errors'
import { WS_SUBPROTOCOL } from '@vessel/proto/version'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { HubContext } from './context.ts'

export interface UpgradeRules {
  /** Exact origins of the dashboard. Anything else, and no origin at all, is refused. */
  readonly origins: ReadonlySet<string>
}

/** A page of another version gets a socket all the same: only a close code tells it to reload. */
const ANY_VERSION = /^vessel\.v\d{1,4}$/

interface Refusal {
  readonly why: string
  readonly code: ErrorCode
  readonly detail: string
}

const REFUSALS = {
  origin: { why: 'origin', code: 'ORIGIN_REFUSED', detail: 'This page may not open a socket.' },
  protocol: { why: 'protocol', code: 'BAD_REQUEST', detail: `Offer ${WS_SUBPROTOCOL}.` },
  full: { why: 'full', code: 'BUS_DOWN', detail: 'Too many connections to this server.' },
} as const satisfies Record<string, Refusal>

/** Which of the offered subprotocols is answered. */
export function chooseProtocol(offered: Iterable<string>): string | false {
  const all = [...offered]
  if (all.includes(WS_SUBPROTOCOL)) return WS_SUBPROTOCOL
  return all.find((protocol) => ANY_VERSION.test(protocol)) ?? false
}

/** Refuses before the handshake what never should have a socket. */
export function createUpgradeCheck(ctx: HubContext, rules: UpgradeRules) {
  const refuse = (reply: FastifyReply, { why, code, detail }: Refusal) => {
    ctx.metrics.upgradesRefused.inc({ why })
    const { status, title } = ERRORS[code]
    if (status === 503) reply.header('retry-after', '2')
    return reply
      .code(status)
      .type('application/problem+json')
      .send({ type: 'about:blank', title, status, code, detail })
  }

  return async (request: FastifyRequest, reply: FastifyReply) => {
    if (!request.ws) return
    const { origin } = request.headers
    if (origin === undefined || !rules.origins.has(origin)) {
      return refuse(reply, REFUSALS.origin)
    }
    const offered = request.headers['sec-websocket-protocol'] ?? ''
    if (chooseProtocol(offered.split(',').map((part) => part.trim())) === false) {
      return refuse(reply, REFUSALS.protocol)
    }
    if (isFull(ctx)) return refuse(reply, REFUSALS.full)
    return undefined
  }
}

function isFull(ctx: HubContext): boolean {
  const { connections, unauthenticated, limits } = ctx
  if (connections.size >= limits.connectionsMax) return true
  return unauthenticated.size >= limits.unauthenticatedMax && !madeRoom(ctx)
}

/**
 * A browser says who it is with its first frame. A flood of sockets that say nothing must not keep
 * the others out until each of them has run out of time: the oldest of them goes.
 */
function madeRoom({ unauthenticated, clock, limits }: HubContext): boolean {
  const [oldest] = unauthenticated
  if (!oldest || clock.now() - oldest.openedAtMs < limits.evictAfterMs) return false
  // Slow is no fault: it may come again.
  oldest.close('overloaded')
  return true
}
