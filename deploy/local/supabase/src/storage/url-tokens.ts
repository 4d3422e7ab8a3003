import { errors, jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import { storageErrors } from './storage-error.ts'

const downloadClaims = z.object({ use: z.literal('download'), url: z.string() })
const uploadClaims = z.object({
  use: z.literal('upload'),
  url: z.string(),
  owner: z.string().nullable(),
  isUpsert: z.boolean(),
})

export interface UploadGrant {
  readonly bucket: string
  readonly name: string
  readonly ownerId: string | null
  readonly isUpsert: boolean
}

/**
 * Tokens in signed URLs. Each is good for one key of one bucket and one direction. Their secret is
 * not the key of the access tokens, so neither can pass for the other.
 */
export class UrlTokens {
  readonly #secret: Buffer
  readonly #now: () => number

  constructor(secret: Buffer, now: () => number) {
    this.#secret = secret
    this.#now = now
  }

  signDownload(key: { bucket: string; name: string }, lifetimeS: number): Promise<string> {
    return this.#sign({ use: 'download', url: `${key.bucket}/${key.name}` }, lifetimeS)
  }

  async checkDownload(token: string, key: { bucket: string; name: string }): Promise<void> {
    const claims = await this.#verify(downloadClaims, token)
    if (claims.url !== `${key.bucket}/${key.name}`) throw storageErrors.invalidSignature()
  }

  signUpload(grant: UploadGrant, lifetimeS: number): Promise<string> {
    const { bucket, name, ownerId, isUpsert } = grant
    const claims = { use: 'upload', url: `${bucket}/${name}`, owner: ownerId, isUpsert }
    return this.#sign(claims, lifetimeS)
  }

  /** Answers what the token grants; the caller MUST compare the key with what is asked for. */
  async openUpload(token: string): Promise<UploadGrant> {
    const claims = await this.#verify(uploadClaims, token)
    const slashAt = claims.url.indexOf('/')
    return {
      bucket: claims.url.slice(0, slashAt),
      name: claims.url.slice(slashAt + 1),
      ownerId: claims.owner,
      isUpsert: claims.isUpsert,
    }
  }

  #sign(claims: Record<string, unknown>, lifetimeS: number): Promise<string> {
    const nowS = Math.floor(this.#now() / 1_000)
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuedAt(nowS)
      .setExpirationTime(nowS + lifetimeS)
      .sign(this.#secret)
  }

  async #verify<S extends z.ZodType>(schema: S, token: string): Promise<z.output<S>> {
    try {
      const { payload } = await jwtVerify(token, this.#secret, {
        algorithms: ['HS256'],
        requiredClaims: ['exp'],
        currentDate: new Date(this.#now()),
      })
      return schema.parse(payload)
    } catch (error) {
      if (error instanceof errors.JWTExpired) {
        throw storageErrors.invalidJwt('"exp" claim timestamp check failed')
      }
      throw storageErrors.invalidSignature()
    }
  }
}
