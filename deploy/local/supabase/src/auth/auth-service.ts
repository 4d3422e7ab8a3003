import { SignJWT } from 'jose'
import { type Caller, type Database, OWNER } from '../db/database.ts'
import type { Keyring } from '../keys/keyring.ts'
import { AttemptLimit } from './attempt-limit.ts'
import { authErrors } from './auth-error.ts'
import { checkStrength, hashPassword, isPassword } from './passwords.ts'
import { SessionStore, type SessionTokens } from './session-store.ts'
import { canonicalEmail, isEmail, type UserRow, userBody } from './user.ts'
import { changeUser, findUser, findUserByEmail, insertUser } from './user-store.ts'

export interface AuthDeps {
  readonly database: Database
  readonly keyring: Keyring
  /** `iss` of every token: known once the server listens. */
  readonly issuer: () => string
  readonly accessTokenLifetimeS: number
  readonly now: () => number
}

/** Where a request came from: kept with the session and used to count failed logins. */
export interface Device {
  readonly ip: string
  readonly userAgent: string
}

export type JsonObject = Record<string, unknown>

/** What a signed-in person may do with their own account. */
export class AuthService {
  readonly #deps: AuthDeps
  readonly #limit: AttemptLimit
  readonly sessions: SessionStore

  constructor(deps: AuthDeps) {
    this.#deps = deps
    this.#limit = new AttemptLimit(deps.now)
    this.sessions = new SessionStore(deps.keyring.derive('refresh-token'))
  }

  async signUp(
    credentials: { email: string; password: string; data: JsonObject },
    device: Device,
  ): Promise<JsonObject> {
    const email = canonicalEmail(credentials.email)
    if (!isEmail(email)) throw authErrors.invalidEmail()
    checkStrength(credentials.password)
    const passwordHash = await hashPassword(credentials.password)
    const { user, tokens } = await this.#deps.database.transaction(OWNER, async (tx) => {
      const created = await insertUser(tx, {
        ...{ email, passwordHash, isConfirmed: true },
        ...{ appMetadata: {}, userMetadata: credentials.data },
      })
      const opened = await this.sessions.open(tx, { userId: created.id, ...device })
      return { user: (await findUser(tx, created.id)) ?? created, tokens: opened }
    })
    return this.#sessionBody(user, tokens)
  }

  async signIn(
    credentials: { email: string; password: string },
    device: Device,
  ): Promise<JsonObject> {
    const email = canonicalEmail(credentials.email)
    const attempt = `${device.ip} ${email}`
    if (this.#limit.isBlocked(attempt)) throw authErrors.tooMany()
    const user = await this.#deps.database.transaction(OWNER, (tx) => findUserByEmail(tx, email))
    const isRight = await isPassword(credentials.password, user?.encrypted_password ?? null)
    if (user === null || !isRight) {
      this.#limit.fail(attempt)
      throw authErrors.invalidCredentials()
    }
    this.#limit.succeed(attempt)
    return this.openSession(user, device)
  }

  /** Signs a user in who has proven who they are. */
  async openSession(user: UserRow, device: Device): Promise<JsonObject> {
    this.#refuseBanned(user)
    const { tokens, signedIn } = await this.#deps.database.transaction(OWNER, async (tx) => {
      const opened = await this.sessions.open(tx, { userId: user.id, ...device })
      return { tokens: opened, signedIn: (await findUser(tx, user.id)) ?? user }
    })
    return this.#sessionBody(signedIn, tokens)
  }

  async refresh(refreshToken: string): Promise<JsonObject> {
    const { rotation, user } = await this.#deps.database.transaction(OWNER, async (tx) => {
      const result = await this.sessions.rotate(tx, refreshToken)
      const owner = result.outcome === 'rotated' ? await findUser(tx, result.tokens.userId) : null
      return { rotation: result, user: owner }
    })
    if (rotation.outcome === 'reused') throw authErrors.refreshTokenUsed()
    if (rotation.outcome === 'unknown' || user === null) throw authErrors.refreshTokenNotFound()
    this.#refuseBanned(user)
    return this.#sessionBody(user, rotation.tokens)
  }

  async currentUser(caller: Caller): Promise<UserRow> {
    const { userId, sessionId } = sessionOf(caller)
    return this.#deps.database.transaction(OWNER, async (tx) => {
      const user = await findUser(tx, userId)
      if (user === null) throw authErrors.userNotFound()
      if (!(await this.sessions.isOpen(tx, sessionId))) throw authErrors.sessionNotFound()
      return user
    })
  }

  async changeCurrentUser(
    caller: Caller,
    change: {
      email?: string | undefined
      password?: string | undefined
      data?: JsonObject | undefined
    },
  ): Promise<JsonObject> {
    const user = await this.currentUser(caller)
    const email = change.email === undefined ? undefined : canonicalEmail(change.email)
    if (email !== undefined && !isEmail(email)) throw authErrors.invalidEmail()
    const passwordHash = await this.#newPassword(user, change.password)
    const changed = await this.#deps.database.transaction(OWNER, (tx) =>
      changeUser(tx, user.id, { email, passwordHash, userMetadata: change.data }),
    )
    if (passwordHash !== undefined) await this.signOut(caller, 'others')
    return userBody(changed)
  }

  async signOut(caller: Caller, scope: 'global' | 'local' | 'others'): Promise<void> {
    const owner = sessionOf(caller)
    await this.#deps.database.transaction(OWNER, (tx) =>
      this.sessions.close(tx, { ...owner, scope }),
    )
  }

  async #newPassword(user: UserRow, password: string | undefined): Promise<string | undefined> {
    if (password === undefined) return undefined
    checkStrength(password)
    if (await isPassword(password, user.encrypted_password)) throw authErrors.samePassword()
    return hashPassword(password)
  }

  #refuseBanned(user: UserRow): void {
    if (user.banned_until !== null && Date.parse(user.banned_until) > this.#deps.now()) {
      throw authErrors.userBanned()
    }
  }

  async #sessionBody(user: UserRow, tokens: SessionTokens): Promise<JsonObject> {
    const { accessTokenLifetimeS, now } = this.#deps
    const issuedAtS = Math.floor(now() / 1_000)
    return {
      access_token: await this.#accessToken(user, tokens.sessionId, issuedAtS),
      token_type: 'bearer',
      expires_in: accessTokenLifetimeS,
      expires_at: issuedAtS + accessTokenLifetimeS,
      refresh_token: tokens.refreshToken,
      user: userBody(user),
    }
  }

  #accessToken(user: UserRow, sessionId: string, issuedAtS: number): Promise<string> {
    const { keyring, issuer, accessTokenLifetimeS } = this.#deps
    const claims = {
      email: user.email,
      phone: '',
      app_metadata: user.raw_app_meta_data,
      user_metadata: user.raw_user_meta_data,
      role: user.role,
      aal: 'aal1',
      amr: [{ method: 'password', timestamp: issuedAtS }],
      session_id: sessionId,
      is_anonymous: false,
    }
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', typ: 'JWT', kid: keyring.keyId })
      .setIssuer(issuer())
      .setSubject(user.id)
      .setAudience(user.aud)
      .setIssuedAt(issuedAtS)
      .setExpirationTime(issuedAtS + accessTokenLifetimeS)
      .sign(keyring.privateKey)
  }
}

/** The ids in the token of a signed-in user. An API key has none. */
function sessionOf(caller: Caller): { userId: string; sessionId: string } {
  const { sub, session_id: sessionId } = caller.claims
  if (typeof sub !== 'string' || typeof sessionId !== 'string') {
    throw authErrors.badJwt('invalid claim: missing sub claim')
  }
  return { userId: sub, sessionId }
}
