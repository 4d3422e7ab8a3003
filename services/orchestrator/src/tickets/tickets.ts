import { createHash, randomBytes } from 'node:crypto'
import { VesselError } from '@vessel/proto/errors'
import {
  epoch,
  type ProjectSlug,
  projectSlug,
  sessionId,
  userId,
  type VisitorId,
  visitorId,
} from '@vessel/proto/ids'
import { parseJson } from '@vessel/proto/parse'
import { CODE_TTL_MS, TICKET_TTL_MS } from '@vessel/proto/requests/redeem'
import { z } from 'zod'
import type { Clock } from '../ports.ts'
import type { SessionStore } from '../sessions/ports.ts'
import type { SessionOverview } from '../store/rows.ts'
import type { TicketSigner } from './signer.ts'

/** Where one-time codes wait to be spent. */
export interface CodeStore {
  put(key: string, value: string, ttlMs: number): Promise<void>
  /** Gives it and forgets it at once: two takers never both get it. */
  take(key: string): Promise<string | null>
}

const entrance = z.object({
  userId,
  sessionId,
  epoch,
  slug: projectSlug,
  /** A copy of an older version does not say. */
  visitor: visitorId.nullish(),
})
const CODE_BYTES = 32

export interface Tickets {
  /** A code for this run and this host name, good for a minute and for once. */
  issue(
    overview: SessionOverview,
    visitor: VisitorId | null,
  ): Promise<{ code: string; expiresInMs: number }>
  redeem(code: string, slug: ProjectSlug): Promise<{ ticket: string; maxAgeS: number }>
}

export interface TicketsDeps {
  readonly codes: CodeStore
  readonly signer: TicketSigner
  readonly store: Pick<SessionStore, 'overview'>
  readonly clock: Clock
}

export function createTickets(deps: TicketsDeps): Tickets {
  return {
    async issue({ session, slug }, visitor) {
      const code = randomBytes(CODE_BYTES).toString('base64url')
      const value = {
        userId: session.userId,
        sessionId: session.id,
        epoch: session.epoch,
        slug,
        visitor,
      }
      await deps.codes.put(keyOf(code), JSON.stringify(value), CODE_TTL_MS)
      return { code, expiresInMs: CODE_TTL_MS }
    },

    async redeem(code, slug) {
      const value = await deps.codes.take(keyOf(code))
      if (value === null) throw new VesselError('CODE_INVALID')
      const entered = parseJson(entrance, value)
      const overview = await deps.store.overview(entered.sessionId)
      const { session } = overview ?? {}
      const isSameRun = session?.state === 'ready' && session.epoch === entered.epoch
      if (!isSameRun || entered.slug !== slug) throw new VesselError('CODE_INVALID')
      const ticket = await deps.signer.sign(
        {
          ...{ sub: entered.userId, sid: entered.sessionId, epoch: entered.epoch, slug },
          ...(entered.visitor ? { visitor: entered.visitor } : {}),
        },
        deps.clock.now(),
      )
      return { ticket, maxAgeS: TICKET_TTL_MS / 1_000 }
    },
  }
}

/** Only its hash is kept, so that who reads the cache enters nowhere. */
function keyOf(code: string): string {
  return `vessel:code:${createHash('sha256').update(code).digest('hex')}`
}
