import { z } from 'zod'

/** Only what needs no program of the user's own to fetch, and carries no secret in itself. */
export const gitUrl = z
  .url({ protocol: /^https?$/, error: 'an address that begins with https://' })
  .max(2_048)
  .refine((text) => !URL.canParse(text) || new URL(text).password === '', {
    error: 'a password does not belong in the address: send it as the token',
  })

/** A branch or a tag, as git spells names: it never looks like an option. */
export const gitRef = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\s\p{Cc}~^:?*[\\-][^\s\p{Cc}~^:?*[\\]*$/u, 'a branch or a tag')

export const gitToken = z
  .string()
  .min(1)
  .max(1_024)
  .regex(/^[\x21-\x7e]+$/, 'no spaces')

/** Where the first files of a project are cloned from. */
export const gitSource = z.object({
  url: gitUrl,
  /** Null: the branch the repository itself names. */
  ref: gitRef.nullable().default(null),
  /** Opens a private repository. Kept from every log, and from every answer. */
  token: gitToken.nullable().default(null),
})
export type GitSource = z.infer<typeof gitSource>
