import { createHash } from 'node:crypto'

/** A request that may be sent again: by its key it is known, by its print told from another. */
export interface RequestKey {
  readonly key: string
  readonly print: string
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Null: the caller sent no key, so every request is one of its own. */
export function requestKey(key: string | null, asked: unknown): RequestKey | null {
  return key === null ? null : { key: sha256(key), print: sha256(JSON.stringify(asked)) }
}
