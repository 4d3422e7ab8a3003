import { createHmac, randomBytes } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose'

/** API keys are handed out once per installation, as at Supabase. */
const API_KEY_YEARS = 10
const ISSUER = 'vessel-local-supabase'
export const KEYS_FILE = 'keys.json'

/** What stands in `keys.json`, for the launcher to hand to the other services. */
export interface KeysFile {
  readonly anonKey: string
  readonly serviceRoleKey: string
  readonly jwk: JWK
  /** Signs storage URLs and derives refresh tokens. No service but this one needs it. */
  readonly secret: string
}

export interface Keyring {
  readonly anonKey: string
  readonly serviceRoleKey: string
  readonly keyId: string
  readonly publicJwk: JWK
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
  /** A key of its own for each purpose, so that a token for one is worth nothing for another. */
  derive(purpose: string): Buffer
}

/** Keys given from outside; each missing one is made and kept. */
export interface GivenKeys {
  readonly anonKey?: string | undefined
  readonly serviceRoleKey?: string | undefined
  readonly jwk?: JWK | undefined
}

async function apiKey(role: string, jwk: JWK, privateKey: CryptoKey): Promise<string> {
  return new SignJWT({ role })
    .setProtectedHeader({ alg: 'ES256', typ: 'JWT', kid: String(jwk.kid) })
    .setIssuer(ISSUER)
    .setIssuedAt()
    .setExpirationTime(`${API_KEY_YEARS}y`)
    .sign(privateKey)
}

async function makeJwk(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = await exportJWK(privateKey)
  return { ...jwk, kid: randomBytes(9).toString('base64url'), alg: 'ES256', use: 'sig' }
}

function publicPart(jwk: JWK): JWK {
  const { d: _private, ...shared } = jwk
  return { ...shared, key_ops: ['verify'] }
}

async function readStored(file: string): Promise<Partial<KeysFile>> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Partial<KeysFile>
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw new Error(`cannot read ${file}`, { cause: error })
  }
}

async function importKeys(jwk: JWK): Promise<{ privateKey: CryptoKey; publicKey: CryptoKey }> {
  const { key_ops: _ops, use: _use, ...bare } = jwk
  const { d: _private, ...bareOpen } = bare
  return {
    privateKey: (await importJWK(bare, 'ES256')) as CryptoKey,
    publicKey: (await importJWK(bareOpen, 'ES256')) as CryptoKey,
  }
}

/** Reads the keys of a data directory, makes what is missing and writes the file back (0600). */
export async function loadKeyring(dataDir: string, given: GivenKeys): Promise<Keyring> {
  const file = join(dataDir, KEYS_FILE)
  const stored = await readStored(file)
  const jwk = given.jwk ?? stored.jwk ?? (await makeJwk())
  const { privateKey, publicKey } = await importKeys(jwk)
  const isSameKey = stored.jwk?.kid === jwk.kid
  const kept = isSameKey ? stored : {}
  const keys: KeysFile = {
    anonKey: given.anonKey ?? kept.anonKey ?? (await apiKey('anon', jwk, privateKey)),
    serviceRoleKey:
      given.serviceRoleKey ??
      kept.serviceRoleKey ??
      (await apiKey('service_role', jwk, privateKey)),
    jwk,
    secret: stored.secret ?? randomBytes(32).toString('base64url'),
  }
  const draft = `${file}.draft`
  await writeFile(draft, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 })
  await rename(draft, file)
  return {
    anonKey: keys.anonKey,
    serviceRoleKey: keys.serviceRoleKey,
    keyId: String(jwk.kid),
    publicJwk: publicPart(jwk),
    privateKey,
    publicKey,
    derive: (purpose) => createHmac('sha256', keys.secret).update(purpose).digest(),
  }
}
