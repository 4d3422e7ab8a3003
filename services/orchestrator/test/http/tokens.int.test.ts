import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { createTokenVerifier, type TokenOptions } from '../../src/http/tokens.ts'

const USER = '7b1f6a52-6f0c-4d3e-9a44-1c2d3e4f5a6b'
const TOKEN_LIFE_MS = 3_600_000
const SECRET = 'a secret that is shared by everyone, 32 bytes or more'

let auth: Server
let url: string
let keys: JWK[]
let fetches: number
let isDown: boolean

beforeEach(async () => {
  ;[keys, fetches, isDown] = [[], 0, false]
  auth = createServer((_request, response) => {
    fetches += 1
    response.statusCode = isDown ? 503 : 200
    response.end(JSON.stringify({ keys }))
  })
  auth.listen(0, '127.0.0.1')
  await once(auth, 'listening')
  url = `http://127.0.0.1:${(auth.address() as AddressInfo).port}`
})
afterEach(async () => {
  auth.closeAllConnections()
  auth.close()
  await once(auth, 'close')
})

async function makeKey(alg: 'ES256' | 'RS256' | 'EdDSA', kid: string): Promise<CryptoKey> {
  const pair = await generateKeyPair(alg, { extractable: true })
  keys.push({ ...(await exportJWK(pair.publicKey)), kid, alg, use: 'sig' })
  return pair.privateKey
}

const nowS = () => Math.floor(Date.now() / 1_000)

interface Signing {
  readonly alg: string
  readonly kid?: string
  readonly claims?: object
}
const sign = (key: CryptoKey | Uint8Array, { alg, kid, claims }: Signing) =>
  new SignJWT({
    sub: USER,
    email: 'ann@example.com',
    iss: `${url}/auth/v1`,
    aud: 'authenticated',
    iat: nowS(),
    exp: nowS() + 600,
    ...claims,
  })
    .setProtectedHeader({ alg, ...(kid ? { kid } : {}) })
    .sign(key)

const secret = new TextEncoder().encode(SECRET)
const verifierOf = (options: Partial<TokenOptions> = {}) =>
  createTokenVerifier({ supabaseUrl: url, tokenLifeMs: TOKEN_LIFE_MS, ...options })

describe('tokens', () => {
  it.each(['ES256', 'RS256'] as const)('under %s are believed by the public key', async (alg) => {
    const token = await sign(await makeKey(alg, 'one'), { alg, kid: 'one' })
    const principal = await verifierOf().verify(token)
    expect(principal).toMatchObject({ userId: USER, name: 'ann@example.com', isAdmin: false })
    expect(principal.expiresAtMs).toBeGreaterThan(Date.now())
  })

  it('are checked without asking anyone, once the keys are here', async () => {
    const token = await sign(await makeKey('ES256', 'one'), { alg: 'ES256', kid: 'one' })
    const verifier = verifierOf({ supabaseUrl: `${url}/` })
    await Promise.all(Array.from({ length: 50 }, () => verifier.verify(token)))
    for (let count = 0; count < 50; count += 1) await verifier.verify(token)
    expect(fetches).toBe(1)
  })

  it('are checked with the keys that are known while Auth is away', async () => {
    const token = await sign(await makeKey('ES256', 'one'), { alg: 'ES256', kid: 'one' })
    const verifier = verifierOf()
    await verifier.verify(token)
    isDown = true
    await expect(verifier.verify(token)).resolves.toMatchObject({ userId: USER })
  })

  it('cannot be judged while no key was ever had, and can as soon as there is one', async () => {
    const token = await sign(await makeKey('ES256', 'one'), { alg: 'ES256', kid: 'one' })
    isDown = true
    const down = verifierOf()
    await expect(down.verify(token)).rejects.toMatchObject({ code: 'AUTH_DOWN' })
    await expect(down.verify(token)).rejects.toMatchObject({ code: 'AUTH_DOWN' })
    expect(fetches).toBe(1)
    isDown = false
    const fresh = verifierOf()
    await expect(fresh.verify(token)).resolves.toMatchObject({ userId: USER })
  })

  it('under a key nobody published are refused, without a question for each', async () => {
    await makeKey('ES256', 'one')
    const { privateKey } = await generateKeyPair('ES256')
    const verifier = verifierOf()
    for (const kid of ['one', 'two', 'three', 'four']) {
      const token = await sign(privateKey, { alg: 'ES256', kid })
      await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    }
    expect(fetches).toBe(1)
  })

  it('under a shared secret are believed only where one was given', async () => {
    await makeKey('ES256', 'one')
    const token = await sign(secret, { alg: 'HS256' })
    const without = verifierOf()
    await expect(without.verify(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    const given = verifierOf({ sharedSecret: SECRET })
    await expect(given.verify(token)).resolves.toMatchObject({ userId: USER })
  })

  it('cannot pass a public key off as a shared secret', async () => {
    await makeKey('RS256', 'one')
    const forged = await sign(new TextEncoder().encode(JSON.stringify(keys[0])), { alg: 'HS256' })
    const verifier = verifierOf({ sharedSecret: SECRET })
    await expect(verifier.verify(forged)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  })

  it('are good for no longer than any token may be, whatever they say themselves', async () => {
    const key = await makeKey('ES256', 'one')
    const verifier = verifierOf()
    const given = async (iat: number | undefined) =>
      sign(key, { alg: 'ES256', kid: 'one', claims: { iat, exp: nowS() + 86_400 } })
    const young = await verifier.verify(await given(nowS() - 600))
    expect(young.expiresAtMs).toBeLessThanOrEqual(Date.now() + TOKEN_LIFE_MS - 600_000)
    await expect(verifier.verify(await given(nowS() - 3_700))).rejects.toMatchObject({
      code: 'TOKEN_EXPIRED',
    })
    await expect(verifier.verify(await given(undefined))).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    })
  })

  it('make an administrator by what Auth says, never by what the user says', async () => {
    const key = await makeKey('ES256', 'one')
    const verifier = verifierOf()
    const who = async (claims: object) =>
      verifier.verify(await sign(key, { alg: 'ES256', kid: 'one', claims }))
    expect(await who({ app_metadata: { role: 'admin' } })).toMatchObject({ isAdmin: true })
    expect(await who({ user_metadata: { role: 'admin' } })).toMatchObject({ isAdmin: false })
    expect(await who({ app_metadata: 'admin', role: 'admin' })).toMatchObject({ isAdmin: false })
    expect(await who({ user_metadata: { name: ' Ann ' } })).toMatchObject({ name: 'Ann' })
    expect((await who({ user_metadata: { name: 'x'.repeat(500) } })).name).toHaveLength(80)
    expect(await who({ email: undefined, user_metadata: { name: 7 } })).toMatchObject({
      name: 'Someone',
    })
  })
})
