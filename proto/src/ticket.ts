import { z } from 'zod'
import { epoch, projectSlug, sessionId, userId, visitorId } from './ids.ts'

/**
 * Claims of a ticket: an EdDSA JWT, checked by the agent with the key of the `start` command.
 * It opens exactly one run under exactly one host name.
 */
export const TICKET_ISSUER = 'vessel'
export const TICKET_AUDIENCE = 'vessel-workspace'
export const ticketClaims = z.object({
  iss: z.literal(TICKET_ISSUER),
  aud: z.literal(TICKET_AUDIENCE),
  jti: z.uuid(),
  sub: userId,
  sid: sessionId,
  epoch,
  slug: projectSlug,
  /** Whom it was made for: it opens nothing once they are ended. Older tickets do not say. */
  visitor: visitorId.optional(),
  iat: z.int(),
  exp: z.int(),
})
export type TicketClaims = z.infer<typeof ticketClaims>
