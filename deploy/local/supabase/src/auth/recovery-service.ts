import { createHash, randomBytes } from 'node:crypto'
import { type Database, OWNER } from '../db/database.ts'
import { AuthError, authErrors } from './auth-error.ts'
import { USER_COLUMNS, type UserRow } from './user.ts'

/** As at Supabase. */
const LINK_LIFETIME_S = 3_600

export interface RecoveryDeps {
  readonly database: Database
  readonly authUrl: () => string
  /** Links lead only here: a token must not be sent to whatever page asked for it. */
  readonly siteUrl: string
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** Links for people who forgot their password. Each works once. */
export class RecoveryService {
  readonly #deps: RecoveryDeps

  constructor(deps: RecoveryDeps) {
    this.#deps = deps
  }

  /** The link, or null where no such account is: the caller's answer MUST be the same. */
  async createLink(email: string, redirectTo: string | undefined): Promise<string | null> {
    const token = randomBytes(24).toString('base64url')
    const count = await this.#deps.database.transaction(OWNER, (tx) =>
      tx.execute(
        `update auth.users set recovery_token = $2, recovery_sent_at = now()
         where lower(email) = $1 and deleted_at is null`,
        [email, hashOf(token)],
      ),
    )
    if (count === 0) return null
    const link = new URL(`${this.#deps.authUrl()}/verify`)
    link.searchParams.set('token', token)
    link.searchParams.set('type', 'recovery')
    link.searchParams.set('redirect_to', this.safeRedirect(redirectTo))
    return link.href
  }

  /** Trades the token of a link for its account. */
  async redeem(token: string): Promise<UserRow> {
    const [user] = await this.#deps.database.transaction(OWNER, (tx) =>
      tx.query<UserRow>(
        `update auth.users u set recovery_token = ''
         where u.recovery_token = $1 and u.deleted_at is null
           and u.recovery_sent_at > now() - $2::text::float8 * interval '1 second'
         returning ${USER_COLUMNS}`,
        [hashOf(token), String(LINK_LIFETIME_S)],
      ),
    )
    if (user === undefined) {
      throw new AuthError(403, 'otp_expired', 'Email link is invalid or has expired')
    }
    return user
  }

  /** The page asked for when it is on our site, else the site. */
  safeRedirect(redirectTo: string | undefined): string {
    const { siteUrl } = this.#deps
    if (redirectTo === undefined || !URL.canParse(redirectTo)) return siteUrl
    return new URL(redirectTo).origin === new URL(siteUrl).origin ? redirectTo : siteUrl
  }
}

export function requireRecovery(type: string): void {
  if (type !== 'recovery') throw authErrors.unsupported(`verification of type "${type}"`)
}
