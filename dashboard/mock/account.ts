import { randomBytes, randomUUID } from 'node:crypto'
import { type ApiTokenView, createApiTokenBody } from '@vessel/proto/http/account'
import { parseValue } from '@vessel/proto/parse'
import type { Handler } from './rest.ts'
import { nowIso, type World } from './world.ts'

const ok = (body: unknown, status = 200) => ({ status, body })
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()

const CHROME = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36'
const SAFARI = 'AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile Safari/604.1'
const LOGINS = [
  { id: randomUUID(), agent: `(X11; Linux x86_64) ${CHROME}`, address: '203.0.113.7', minutes: 0 },
  { id: randomUUID(), agent: `(iPhone; like Mac OS X) ${SAFARI}`, address: null, minutes: 190 },
]

function listLogins() {
  const items = LOGINS.map(({ id, agent, address, minutes }) => ({
    id,
    isCurrent: minutes === 0,
    userAgent: `Mozilla/5.0 ${agent}`,
    address,
    createdAt: minutesAgo(minutes + 4_000),
    lastSeenAt: minutesAgo(minutes),
  }))
  return ok({ items })
}

const tokensOf = (world: World, user: string): ApiTokenView[] => world.tokens.get(user) ?? []

const createToken: Handler = (world, { body, user }) => {
  const { name, expiresInDays } = parseValue(createApiTokenBody, body)
  const secret = `vsl_${randomBytes(32).toString('base64url')}`
  const token = {
    id: randomUUID(),
    name,
    hint: secret.slice(-4),
    createdAt: nowIso(),
    expiresAt: new Date(Date.now() + expiresInDays * 86_400_000).toISOString(),
    lastUsedAt: null,
  }
  world.tokens.set(user.id, [token, ...tokensOf(world, user.id)])
  return ok({ token, secret }, 201)
}

const deleteToken: Handler = (world, { user }, [id]) => {
  world.tokens.set(
    user.id,
    tokensOf(world, user.id).filter((token) => token.id !== id),
  )
  return ok({ id })
}

/** Logins and tokens, from memory. */
export const ACCOUNT_HANDLERS: readonly (readonly [string, RegExp, Handler])[] = [
  ['GET', /^\/api\/account\/logins$/, listLogins],
  ['DELETE', /^\/api\/account\/logins\/([^/]+)$/, (_world, _request, [id]) => ok({ id })],
  ['GET', /^\/api\/account\/tokens$/, (world, { user }) => ok({ items: tokensOf(world, user.id) })],
  ['POST', /^\/api\/account\/tokens$/, createToken],
  ['DELETE', /^\/api\/account\/tokens\/([^/]+)$/, deleteToken],
]
