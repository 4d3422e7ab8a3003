import type { TicketKey } from '@vessel/proto/commands/start'
import { VesselError } from '@vessel/proto/errors'
import { parseValue } from '@vessel/proto/parse'
import {
  TICKET_AUDIENCE,
  TICKET_ISSUER,
  type TicketClaims,
  ticketClaims,
} from '@vessel/proto/ticket'
import { errors, importJWK, type JWTVerifyGetKey, jwtVerify } from 'jose'

/** Clocks of two hosts differ by less; a ticket lives for hours. */
const CLOCK_TOLERANCE_S = 5

function keysOf(keys: readonly TicketKey[]): JWTVerifyGetKey {
  return async ({ kid }) => {
    const key = keys.find((candidate) => candidate.kid === kid)
    if (!key) throw new errors.JWKSNoMatchingKey()
    return importJWK({ kty: key.kty, crv: key.crv, x: key.x }, 'EdDSA')
  }
}

/** The claims of a ticket one of these keys has signed, or TICKET_INVALID. */
export async function verifyTicket(
  ticket: string,
  keys: readonly TicketKey[],
  now: Date,
): Promise<TicketClaims> {
  try {
    const { payload } = await jwtVerify(ticket, keysOf(keys), {
      algorithms: ['EdDSA'],
      issuer: TICKET_ISSUER,
      audience: TICKET_AUDIENCE,
      clockTolerance: CLOCK_TOLERANCE_S,
      requiredClaims: ['exp', 'iat', 'jti'],
      currentDate: now,
    })
    return parseValue(ticketClaims, payload)
  } catch (cause) {
    const isOurs = cause instanceof errors.JOSEError || cause instanceof VesselError
    // Anything else is our fault and must not look like a wrong ticket.
    if (!isOurs) throw cause
    throw new VesselError('TICKET_INVALID', { cause })
  }
}
