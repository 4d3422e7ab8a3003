import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { type TicketKey, ticketKey } from '@vessel/proto/commands/start'
import { parseJson } from '@vessel/proto/parse'
import { TICKET_TTL_MS } from '@vessel/proto/requests/redeem'
import { TICKET_AUDIENCE, TICKET_ISSUER, type TicketClaims } from '@vessel/proto/ticket'
import { importJWK, SignJWT } from 'jose'
import { z } from 'zod'

const privateKey = ticketKey.extend({ d: z.string().max(100) })
const keyFile = z.object({ keys: z.array(privateKey).min(1).max(10) })

type Entrance = Pick<TicketClaims, 'sub' | 'sid' | 'epoch' | 'slug' | 'visitor'>

export interface TicketSigner {
  /** Every key a ticket may still be signed with; hosts get them with the start command. */
  readonly publicKeys: readonly TicketKey[]
  sign(entrance: Entrance, nowMs: number): Promise<string>
}

/**
 * Signs with the first key of the file; the others are still accepted by hosts, so that a key can
 * be changed without throwing anyone out. All orchestrators share one file.
 */
export async function readTicketSigner(path: string): Promise<TicketSigner> {
  const { keys } = parseJson(keyFile, await readFile(path))
  const [first] = keys
  if (!first) throw new Error('the ticket key file is empty')
  const key = await importJWK(first, 'EdDSA')
  return {
    publicKeys: keys.map(({ kid, kty, crv, x }) => ({ kid, kty, crv, x })),
    sign: ({ sub, ...claims }, nowMs) => {
      const issuedAt = Math.floor(nowMs / 1_000)
      return new SignJWT(claims)
        .setProtectedHeader({ alg: 'EdDSA', kid: first.kid })
        .setIssuer(TICKET_ISSUER)
        .setAudience(TICKET_AUDIENCE)
        .setSubject(sub)
        .setJti(randomUUID())
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + TICKET_TTL_MS / 1_000)
        .sign(key)
    },
  }
}
