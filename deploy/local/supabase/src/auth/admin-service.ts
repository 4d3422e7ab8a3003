import { type Database, OWNER } from '../db/database.ts'
import { authErrors } from './auth-error.ts'
import { checkStrength, hashPassword } from './passwords.ts'
import { canonicalEmail, isEmail, userBody } from './user.ts'
import { changeUser, deleteUser, endLogins, findUser, insertUser, listUsers } from './user-store.ts'

type JsonObject = Record<string, unknown>

export interface AdminUserInput {
  readonly id?: string | undefined
  readonly email?: string | undefined
  readonly password?: string | undefined
  readonly app_metadata?: JsonObject | undefined
  readonly user_metadata?: JsonObject | undefined
  readonly ban_duration?: string | undefined
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1e3, m: 6e4, h: 3.6e6 }

/** `24h`, `90m`, `none`: how long a ban lasts from now. */
function bannedUntil(duration: string | undefined, nowMs: number): string | null | undefined {
  if (duration === undefined) return undefined
  if (duration === 'none') return null
  const match = /^(\d{1,6})([smh])$/.exec(duration)
  if (match === null) throw authErrors.invalid('invalid format for ban duration')
  const lengthMs = Number(match[1]) * (UNIT_MS[match[2] ?? ''] ?? 0)
  return new Date(nowMs + lengthMs).toISOString()
}

function checkedEmail(email: string | undefined): string | undefined {
  if (email === undefined) return undefined
  const canonical = canonicalEmail(email)
  if (!isEmail(canonical)) throw authErrors.invalidEmail()
  return canonical
}

async function hashed(password: string | undefined): Promise<string | undefined> {
  if (password === undefined) return undefined
  checkStrength(password)
  return hashPassword(password)
}

/** What the service role may do with every account. */
export class AdminService {
  readonly #database: Database
  readonly #now: () => number

  constructor(deps: { database: Database; now: () => number }) {
    this.#database = deps.database
    this.#now = deps.now
  }

  async create(input: AdminUserInput): Promise<JsonObject> {
    const email = checkedEmail(input.email)
    if (email === undefined) {
      throw authErrors.invalid('Cannot create a user without either an email or phone')
    }
    const passwordHash = (await hashed(input.password)) ?? null
    const user = await this.#database.transaction(OWNER, (tx) =>
      insertUser(tx, {
        ...{ id: input.id, email, passwordHash, isConfirmed: true },
        appMetadata: input.app_metadata ?? {},
        userMetadata: input.user_metadata ?? {},
      }),
    )
    return userBody(user)
  }

  async list(page: {
    limit: number
    offset: number
  }): Promise<{ users: JsonObject[]; total: number }> {
    const found = await this.#database.transaction(OWNER, (tx) => listUsers(tx, page))
    return { users: found.users.map(userBody), total: found.total }
  }

  async get(id: string): Promise<JsonObject> {
    const user = await this.#database.transaction(OWNER, (tx) => findUser(tx, id))
    if (user === null) throw authErrors.userNotFound()
    return userBody(user)
  }

  async change(id: string, input: AdminUserInput): Promise<JsonObject> {
    const change = {
      email: checkedEmail(input.email),
      passwordHash: await hashed(input.password),
      appMetadata: input.app_metadata,
      userMetadata: input.user_metadata,
      bannedUntil: bannedUntil(input.ban_duration, this.#now()),
    }
    const user = await this.#database.transaction(OWNER, async (tx) => {
      const changed = await changeUser(tx, id, change)
      if (change.passwordHash !== undefined) await endLogins(tx, id)
      return changed
    })
    return userBody(user)
  }

  async remove(id: string): Promise<void> {
    const isRemoved = await this.#database.transaction(OWNER, (tx) => deleteUser(tx, id))
    if (!isRemoved) throw authErrors.userNotFound()
  }
}
