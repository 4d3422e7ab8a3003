import { randomUUID } from 'node:crypto'
import type { Transaction } from '../db/database.ts'
import { isPgError } from '../db/pg-error.ts'
import { authErrors } from './auth-error.ts'
import { USER_COLUMNS, type UserRow } from './user.ts'

export interface NewUser {
  readonly id?: string | undefined
  readonly email: string
  readonly passwordHash: string | null
  readonly isConfirmed: boolean
  readonly appMetadata: Readonly<Record<string, unknown>>
  readonly userMetadata: Readonly<Record<string, unknown>>
}

export interface UserChange {
  readonly email?: string | undefined
  readonly passwordHash?: string | undefined
  /** Merged over what is there; a null removes the key. */
  readonly appMetadata?: Readonly<Record<string, unknown>> | undefined
  readonly userMetadata?: Readonly<Record<string, unknown>> | undefined
  readonly bannedUntil?: string | null | undefined
}

async function one(tx: Transaction, where: string, params: unknown[]): Promise<UserRow | null> {
  const sql = `select ${USER_COLUMNS} from auth.users u where u.deleted_at is null and ${where}`
  const [user] = await tx.query<UserRow>(sql, params)
  return user ?? null
}

export function findUser(tx: Transaction, id: string): Promise<UserRow | null> {
  return one(tx, 'u.id = $1::text::uuid', [id])
}

export function findUserByEmail(tx: Transaction, email: string): Promise<UserRow | null> {
  return one(tx, 'lower(u.email) = $1', [email])
}

export async function insertUser(tx: Transaction, user: NewUser): Promise<UserRow> {
  const id = user.id ?? randomUUID()
  const identity = { sub: id, email: user.email, email_verified: true, phone_verified: false }
  const appMetadata = { provider: 'email', providers: ['email'], ...user.appMetadata }
  const userMetadata = { ...user.userMetadata, ...identity }
  try {
    await tx.execute(
      `insert into auth.users (id, email, encrypted_password, email_confirmed_at,
         raw_app_meta_data, raw_user_meta_data)
       values ($1::text::uuid, $2, $3, case when $4 = 'yes' then now() end,
         $5::text::jsonb, $6::text::jsonb)`,
      [
        id,
        user.email,
        user.passwordHash,
        user.isConfirmed ? 'yes' : 'no',
        JSON.stringify(appMetadata),
        JSON.stringify(userMetadata),
      ],
    )
  } catch (error) {
    if (isPgError(error, '23505')) throw authErrors.userExists()
    throw error
  }
  await tx.execute(
    `insert into auth.identities (provider_id, user_id, identity_data, provider, last_sign_in_at)
     values ($1, $1::text::uuid, $2::text::jsonb, 'email', now())`,
    [id, JSON.stringify(identity)],
  )
  const inserted = await findUser(tx, id)
  if (inserted === null) throw new Error('a user vanished while it was being created')
  return inserted
}

const MERGE = (column: string, parameter: string): string =>
  `${column} = jsonb_strip_nulls(${column} || coalesce(${parameter}::text::jsonb, '{}'))`

function textOf(value: Readonly<Record<string, unknown>> | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value)
}

export async function changeUser(
  tx: Transaction,
  id: string,
  change: UserChange,
): Promise<UserRow> {
  const isBanChanged = change.bannedUntil !== undefined
  try {
    await tx.execute(
      `update auth.users set email = coalesce($2, email),
         encrypted_password = coalesce($3, encrypted_password),
         ${MERGE('raw_app_meta_data', '$4')}, ${MERGE('raw_user_meta_data', '$5')},
         banned_until = case when $6 = 'yes' then $7::text::timestamptz else banned_until end,
         updated_at = now()
       where id = $1::text::uuid`,
      [
        id,
        change.email ?? null,
        change.passwordHash ?? null,
        textOf(change.appMetadata),
        textOf(change.userMetadata),
        isBanChanged ? 'yes' : 'no',
        change.bannedUntil ?? null,
      ],
    )
  } catch (error) {
    if (isPgError(error, '23505')) throw authErrors.emailExists()
    throw error
  }
  const changed = await findUser(tx, id)
  if (changed === null) throw authErrors.userNotFound()
  return changed
}

/** A new password that the person did not choose here ends all their logins, as at Supabase. */
export async function endLogins(tx: Transaction, id: string): Promise<void> {
  await tx.execute('delete from auth.sessions where user_id = $1::text::uuid', [id])
}

export async function deleteUser(tx: Transaction, id: string): Promise<boolean> {
  return (await tx.execute('delete from auth.users where id = $1::text::uuid', [id])) > 0
}

export async function listUsers(
  tx: Transaction,
  page: { readonly limit: number; readonly offset: number },
): Promise<{ users: UserRow[]; total: number }> {
  const users = await tx.query<UserRow>(
    `select ${USER_COLUMNS} from auth.users u where u.deleted_at is null
     order by u.created_at desc, u.id limit $1::text::int offset $2::text::int`,
    [String(page.limit), String(page.offset)],
  )
  const [count] = await tx.query<{ total: number }>(
    'select count(*)::int as total from auth.users where deleted_at is null',
  )
  return { users, total: count?.total ?? 0 }
}
