import { randomUUID } from 'node:crypto'
import type { MockUser, World } from './world.ts'

const TOKEN_LIFE_S = 3_600

export interface Answer {
  readonly status: number
  readonly body: unknown
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A token that looks like one. Nobody checks its signature here: this is a mock. */
function tokenOf(user: MockUser): string {
  const exp = Math.floor(Date.now() / 1_000) + TOKEN_LIFE_S
  const claims = { sub: user.id, email: user.email, role: 'authenticated', exp, jti: randomUUID() }
  return `${encode({ alg: 'none', typ: 'JWT' })}.${encode(claims)}.mock`
}

const userBody = (user: MockUser) => ({
  id: user.id,
  aud: 'authenticated',
  role: 'authenticated',
  email: user.email,
  app_metadata: {},
  user_metadata: {},
  created_at: new Date().toISOString(),
})

const sessionBody = (user: MockUser) => ({
  access_token: tokenOf(user),
  token_type: 'bearer',
  expires_in: TOKEN_LIFE_S,
  expires_at: Math.floor(Date.now() / 1_000) + TOKEN_LIFE_S,
  refresh_token: user.id,
  user: userBody(user),
})

const refusal = (status: number, code: string, msg: string): Answer => ({
  status,
  body: { code: status, error_code: code, msg },
})

/** Who a token is of. People of another login service are taken in: the mock is the API alone. */
export function userOfToken(world: World, header: string | undefined): MockUser | null {
  const claims = header?.split('.')[1]
  if (!claims) return null
  const { sub, email } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as {
    sub: string
    email: string
  }
  const known = [...world.users.values()].find((user) => user.id === sub)
  if (known) return known
  const guest = { id: sub, email, password: '' }
  world.users.set(email, guest)
  return guest
}

/** The few routes of Supabase Auth that the dashboard uses. */
export function goTrue(
  world: World,
  route: string,
  input: { body: Record<string, string>; token: string | undefined },
): Answer {
  const { email = '', password = '' } = input.body
  const known = world.users.get(email)
  if (route === 'signup') {
    if (known) return refusal(422, 'user_already_exists', 'User already registered')
    const user = { id: randomUUID(), email, password }
    world.users.set(email, user)
    // Whose address has to be confirmed gets no session yet.
    return { status: 200, body: email.includes('confirm') ? userBody(user) : sessionBody(user) }
  }
  if (route === 'token?grant_type=password') {
    if (known?.password !== password) {
      return refusal(400, 'invalid_credentials', 'Invalid login credentials')
    }
    return { status: 200, body: sessionBody(known) }
  }
  if (route === 'token?grant_type=refresh_token') {
    const user = [...world.users.values()].find(({ id }) => id === input.body.refresh_token)
    if (!user || revoked.has(user.id)) {
      return refusal(400, 'refresh_token_not_found', 'Invalid Refresh Token')
    }
    return { status: 200, body: sessionBody(user) }
  }
  if (route === 'user') {
    const user = userOfToken(world, input.token)
    return user ? { status: 200, body: userBody(user) } : refusal(401, 'bad_jwt', 'invalid JWT')
  }
  return { status: 200, body: {} }
}

/** Users whose login was ended from elsewhere: until they log in again nothing of theirs works. */
export const revoked = new Set<string>()
