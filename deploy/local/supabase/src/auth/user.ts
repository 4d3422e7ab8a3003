/** A row of auth.users, as the queries of this folder select it. */
export interface UserRow {
  readonly id: string
  readonly aud: string
  readonly role: string
  readonly email: string
  readonly encrypted_password: string | null
  readonly email_confirmed_at: string | null
  readonly last_sign_in_at: string | null
  readonly raw_app_meta_data: Record<string, unknown>
  readonly raw_user_meta_data: Record<string, unknown>
  readonly banned_until: string | null
  readonly created_at: string
  readonly updated_at: string
  readonly identities: readonly Record<string, unknown>[]
}

const AS_TEXT = (column: string): string => `to_json(u.${column}) #>> '{}' as ${column}`

/** Times as ISO text, as GoTrue writes them. */
export const USER_COLUMNS = [
  'u.id::text as id',
  'u.aud',
  'u.role',
  'u.email',
  'u.encrypted_password',
  AS_TEXT('email_confirmed_at'),
  AS_TEXT('last_sign_in_at'),
  'u.raw_app_meta_data',
  'u.raw_user_meta_data',
  AS_TEXT('banned_until'),
  AS_TEXT('created_at'),
  AS_TEXT('updated_at'),
  `(select coalesce(json_agg(json_build_object('identity_id', i.id, 'id', i.provider_id,
    'user_id', i.user_id, 'identity_data', i.identity_data, 'provider', i.provider,
    'email', i.email, 'last_sign_in_at', i.last_sign_in_at, 'created_at', i.created_at,
    'updated_at', i.updated_at)), '[]')
    from auth.identities i where i.user_id = u.id) as identities`,
].join(', ')

/** The user object of every answer. */
export function userBody(user: UserRow): Record<string, unknown> {
  return {
    id: user.id,
    aud: user.aud,
    role: user.role,
    email: user.email,
    email_confirmed_at: user.email_confirmed_at,
    phone: '',
    confirmed_at: user.email_confirmed_at,
    last_sign_in_at: user.last_sign_in_at,
    app_metadata: user.raw_app_meta_data,
    user_metadata: user.raw_user_meta_data,
    identities: user.identities,
    created_at: user.created_at,
    updated_at: user.updated_at,
    ...(user.banned_until === null ? {} : { banned_until: user.banned_until }),
    is_anonymous: false,
  }
}

/** One spelling per address: GoTrue lower-cases it, too. */
export function canonicalEmail(email: string): string {
  return email.trim().toLowerCase()
}

export function isEmail(email: string): boolean {
  return email.length <= 255 && /^[^\s@"<>]+@[^\s@"<>]+\.?[^\s@"<>]+$/.test(email)
}
