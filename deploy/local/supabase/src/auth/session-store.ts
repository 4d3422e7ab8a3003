import { createHash, createHmac, randomBytes } from 'node:crypto'
import type { Transaction } from '../db/database.ts'

/**
 * For so long a token already traded may be traded again and gives the same answer: two tabs, or a
 * browser that lost the first answer, ask twice.
 */
const REUSE_MS = 10_000
/** How far behind the living token a retry may be. */
const REUSE_STEPS_MAX = 10

export interface SessionTokens {
  readonly sessionId: string
  readonly userId: string
  readonly refreshToken: string
}

export type Rotation =
  | { readonly outcome: 'rotated'; readonly tokens: SessionTokens }
  | { readonly outcome: 'unknown' }
  /** A stolen token came back: the whole session has been ended. */
  | { readonly outcome: 'reused' }

interface TokenRow {
  token_sha256: string
  session_id: string
  user_id: string
  is_revoked: boolean
  age_ms: number
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

const TOKEN_COLUMNS = `token_sha256, session_id::text, user_id::text, is_revoked,
  (extract(epoch from clock_timestamp() - updated_at) * 1000)::float8 as age_ms`

/**
 * Sessions and their refresh tokens. Only hashes are stored. The next token is derived from the one
 * before with a secret, so the same question can be answered the same way again.
 */
export class SessionStore {
  readonly #secret: Buffer

  constructor(secret: Buffer) {
    this.#secret = secret
  }

  async open(
    tx: Transaction,
    session: { userId: string; userAgent: string; ip: string },
  ): Promise<SessionTokens> {
    const [row] = await tx.query<{ id: string }>(
      `insert into auth.sessions (user_id, user_agent, ip) values ($1::text::uuid, $2, $3)
       returning id::text`,
      [session.userId, session.userAgent, session.ip],
    )
    if (row === undefined) throw new Error('a session was not inserted')
    const refreshToken = randomBytes(24).toString('base64url')
    const tokens = { sessionId: row.id, userId: session.userId, refreshToken }
    await this.#insert(tx, tokens, null)
    await tx.execute('update auth.users set last_sign_in_at = now() where id = $1::text::uuid', [
      session.userId,
    ])
    return tokens
  }

  async rotate(tx: Transaction, token: string): Promise<Rotation> {
    const [row] = await tx.query<TokenRow>(
      `select ${TOKEN_COLUMNS} from auth.refresh_tokens where token_sha256 = $1`,
      [hashOf(token)],
    )
    if (row === undefined) return { outcome: 'unknown' }
    const owner = { sessionId: row.session_id, userId: row.user_id }
    if (row.is_revoked) return this.#again(tx, { token, row, owner })
    await tx.execute(
      `update auth.refresh_tokens set is_revoked = true, updated_at = now()
       where token_sha256 = $1`,
      [row.token_sha256],
    )
    const tokens = { ...owner, refreshToken: this.#next(token) }
    await this.#insert(tx, tokens, row.token_sha256)
    await tx.execute('update auth.sessions set updated_at = now() where id = $1::text::uuid', [
      row.session_id,
    ])
    return { outcome: 'rotated', tokens }
  }

  async isOpen(tx: Transaction, sessionId: string): Promise<boolean> {
    const rows = await tx.query('select 1 from auth.sessions where id = $1::text::uuid', [
      sessionId,
    ])
    return rows.length > 0
  }

  async close(
    tx: Transaction,
    which: { userId: string; sessionId: string; scope: 'global' | 'local' | 'others' },
  ): Promise<void> {
    const conditions = {
      global: '$2::text is not null',
      local: 'id = $2::text::uuid',
      others: 'id <> $2::text::uuid',
    }
    await tx.execute(
      `delete from auth.sessions where user_id = $1::text::uuid and ${conditions[which.scope]}`,
      [which.userId, which.sessionId],
    )
  }

  #next(token: string): string {
    return createHmac('sha256', this.#secret).update(token).digest('base64url').slice(0, 32)
  }

  async #again(
    tx: Transaction,
    used: { token: string; row: TokenRow; owner: Omit<SessionTokens, 'refreshToken'> },
  ): Promise<Rotation> {
    const [living] = await tx.query<{ token_sha256: string; parent_sha256: string | null }>(
      `select token_sha256, parent_sha256 from auth.refresh_tokens
       where session_id = $1::text::uuid and not is_revoked`,
      [used.row.session_id],
    )
    const isParent = living?.parent_sha256 === used.row.token_sha256
    if (living !== undefined && (isParent || used.row.age_ms < REUSE_MS)) {
      let refreshToken = used.token
      for (let step = 0; step < REUSE_STEPS_MAX; step += 1) {
        refreshToken = this.#next(refreshToken)
        if (hashOf(refreshToken) === living.token_sha256) {
          return { outcome: 'rotated', tokens: { ...used.owner, refreshToken } }
        }
      }
    }
    await tx.execute('delete from auth.sessions where id = $1::text::uuid', [used.row.session_id])
    return { outcome: 'reused' }
  }

  async #insert(tx: Transaction, tokens: SessionTokens, parent: string | null): Promise<void> {
    await tx.execute(
      `insert into auth.refresh_tokens (token_sha256, parent_sha256, user_id, session_id)
       values ($1, $2, $3::text::uuid, $4::text::uuid)`,
      [hashOf(tokens.refreshToken), parent, tokens.userId, tokens.sessionId],
    )
  }
}
