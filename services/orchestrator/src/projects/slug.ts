import type { ProjectSlug } from '@vessel/proto/ids'
import { projectSlug } from '@vessel/proto/ids'

/** A DNS label may have more, but `<port>--<slug>` has to fit in one too. */
const SLUG_CHARS_MAX = 40
const SUFFIX_CHARS = 8
const SUFFIX_ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789'
const FALLBACK = 'project'

/** The readable part: what of a name may stand in a DNS label. */
export function slugBase(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
  const cut = plain.slice(0, SLUG_CHARS_MAX - SUFFIX_CHARS - 1).replace(/-+$/, '')
  return cut || FALLBACK
}

/** Unique, and not to be guessed from the name: the random part is about 41 bits. */
export function makeSlug(name: string, randomInt: (below: number) => number): ProjectSlug {
  const suffix = Array.from(
    { length: SUFFIX_CHARS },
    () => SUFFIX_ALPHABET[randomInt(SUFFIX_ALPHABET.length)],
  )
  return projectSlug.parse(`${slugBase(name)}-${suffix.join('')}`)
}
