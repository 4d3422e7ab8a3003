import { VesselError } from '@vessel/proto/errors'
import { API_TOKEN } from '@vessel/proto/http/account'
import type { Clock, Principal, TokenVerifier } from '../ports.ts'
import { Slots } from '../slots.ts'
import type { AccountStore } from './ports.ts'
import { digestOf } from './secret.ts'

export interface ApiTokenDeps {
  /** For everything that is no token of ours. */
  readonly logins: TokenVerifier
  readonly store: Pick<AccountStore, 'ownerOf'>
  readonly clock: Clock
}

/** A token that was taken back works for as long as this; a script asks the database that often. */
const REMEMBERED_MS = 2_000
const ENTRIES_MAX = 1_000
/** Invented tokens must not take the database from those who have one. */
const QUESTIONS_MAX = 8
const WAITING_MAX = 64
const BUSY_RETRY_MS = 1_000

interface Answer {
  readonly owner: Promise<Principal | null>
  readonly atMs: number
}

/** Lets scripts in by their tokens, and people by their logins. */
export function createApiTokens({ logins, store, clock }: ApiTokenDeps): TokenVerifier {
  const known = new Map<string, Answer>()
  const slots = new Slots(QUESTIONS_MAX)
  let open = 0

  const ownerOf = (digest: string): Promise<Principal | null> => {
    const answer = known.get(digest)
    if (answer && clock.now() - answer.atMs < REMEMBERED_MS) return answer.owner
    if (known.size >= ENTRIES_MAX) known.clear()
    if (open >= QUESTIONS_MAX + WAITING_MAX) {
      throw new VesselError('OVERLOADED', { retryAfterMs: BUSY_RETRY_MS })
    }
    open += 1
    const owner = slots
      .run(() => store.ownerOf(digest))
      .finally(() => {
        open -= 1
      })
    known.set(digest, { owner, atMs: clock.now() })
    // A fault of the database is nobody's answer.
    owner.catch(() => known.delete(digest))
    return owner
  }
  return {
    async verify(token) {
      if (!token.startsWith('vsl_')) return logins.verify(token)
      const owner = API_TOKEN.test(token) ? await ownerOf(digestOf(token)) : null
      if (!owner) throw new VesselError('UNAUTHENTICATED')
      if (owner.expiresAtMs <= clock.now()) throw new VesselError('TOKEN_EXPIRED')
      return owner
    },
  }
}
