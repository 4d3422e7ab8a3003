import { VesselError } from '@vessel/proto/errors'
import { createRemoteJWKSet, errors, type RemoteJWKSet } from 'jose'

const FETCH_TIMEOUT_MS = 5_000
/** A token under a key we do not have makes us look again, but not more often than this. */
const COOLDOWN_MS = 30_000
/** A key that was taken back is believed no longer than this. */
const REFRESH_MS = 600_000
/** While the keys cannot be had, every token would ask for them. */
const FAILURE_PAUSE_MS = 1_000

export interface SigningKeys {
  /** The keys; throws AUTH_DOWN when they were never had and cannot be had now. */
  get(): Promise<RemoteJWKSet>
  /** Whether a check failed because the keys could not be fetched, not because of the token. */
  isFetchFault(thrown: unknown): boolean
}

/**
 * The public keys of Supabase Auth. They are renewed beside the requests, never by one of them, and
 * old ones are used while new ones cannot be had: an outage there must not log everyone out.
 */
export function createSigningKeys(url: URL): SigningKeys {
  const keys = createRemoteJWKSet(url, {
    timeoutDuration: FETCH_TIMEOUT_MS,
    cooldownDuration: COOLDOWN_MS,
    cacheMaxAge: Number.POSITIVE_INFINITY,
  })
  let triedAtMs = 0
  let failedAtMs = 0

  const load = async (): Promise<void> => {
    triedAtMs = Date.now()
    try {
      await keys.reload()
      failedAtMs = 0
    } catch (cause) {
      failedAtMs = Date.now()
      throw new VesselError('AUTH_DOWN', { cause, retryAfterMs: 2_000 })
    }
  }

  return {
    async get() {
      const nowMs = Date.now()
      if (keys.jwks() === undefined) {
        if (nowMs - failedAtMs < FAILURE_PAUSE_MS) {
          throw new VesselError('AUTH_DOWN', { retryAfterMs: FAILURE_PAUSE_MS })
        }
        await load()
      } else if (nowMs - triedAtMs > REFRESH_MS) {
        // The old keys serve; the next turn tries again.
        load().catch(() => undefined)
      }
      return keys
    },
    isFetchFault(thrown) {
      if (thrown instanceof errors.JWKSTimeout || thrown instanceof errors.JWKSInvalid) return true
      // What jose throws when the answer is not 200, and what `fetch` throws without an answer.
      return isPlain(thrown)
    },
  }
}

function isPlain(thrown: unknown): boolean {
  if (thrown instanceof errors.JOSEError) return thrown.code === 'ERR_JOSE_GENERIC'
  return thrown instanceof TypeError && thrown.message.includes('fetch')
}
