import { createHash, randomBytes } from 'node:crypto'

/** 256 bits: guessing one is hopeless, so a plain digest of it is as good as a slow one. */
const SECRET_BYTES = 32
const HINT_CHARS = 4

export function newSecret(): string {
  return `vsl_${randomBytes(SECRET_BYTES).toString('base64url')}`
}

export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

export function hintOf(secret: string): string {
  return secret.slice(-HINT_CHARS)
}
