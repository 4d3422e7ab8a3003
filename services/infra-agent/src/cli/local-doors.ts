import { randomBytes, randomUUID } from 'node:crypto'
import type { TicketKey } from '@vessel/proto/commands/start'
import type { ProjectSlug, SessionId } from '@vessel/proto/ids'
import { CODE_TTL_MS, TICKET_TTL_MS } from '@vessel/proto/requests/redeem'
import { TICKET_AUDIENCE, TICKET_ISSUER } from '@vessel/proto/ticket'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { Clock } from '../vm/ports.ts'

export interface LocalDoor {
  readonly session: SessionId
  readonly epoch: number
  readonly slug: ProjectSlug
}

/** Codes an operator asked for and did not use; far more than a person types. */
const CODES_MAX = 100
const KEY_ID = 'local'

/**
 * Lets an operator into sessions that were started by hand, by the same code and ticket as anyone.
 */
export async function createLocalDoors(clock: Clock) {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true })
  const { x = '' } = await exportJWK(publicKey)
  const key: TicketKey = { kid: KEY_ID, kty: 'OKP', crv: 'Ed25519', x }
  const codes = new Map<string, LocalDoor & { untilMs: number }>()

  return {
    key,
    openDoor(door: LocalDoor): string {
      if (codes.size >= CODES_MAX) codes.clear()
      const code = randomBytes(32).toString('base64url')
      codes.set(code, { ...door, untilMs: clock.monotonic() + CODE_TTL_MS })
      return code
    },
    /** Null for a code that is not ours, was used, or has run out. */
    async redeem(code: string, slug: ProjectSlug): Promise<string | null> {
      const door = codes.get(code)
      if (!door || door.slug !== slug) return null
      codes.delete(code)
      if (door.untilMs < clock.monotonic()) return null
      const issuedS = Math.floor(clock.now() / 1_000)
      return new SignJWT({ sid: door.session, epoch: door.epoch, slug: door.slug })
        .setProtectedHeader({ alg: 'EdDSA', kid: KEY_ID })
        .setIssuer(TICKET_ISSUER)
        .setAudience(TICKET_AUDIENCE)
        .setSubject(randomUUID())
        .setJti(randomUUID())
        .setIssuedAt(issuedS)
        .setExpirationTime(issuedS + TICKET_TTL_MS / 1_000)
        .sign(privateKey)
    },
  }
}
export type LocalDoors = Awaited<ReturnType<typeof createLocalDoors>>
