import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { HEADERS } from '@vessel/proto/headers'

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Compares digests, so that neither content nor length of the token can be timed. */
export function createTokenCheck(token: string): (headers: IncomingHttpHeaders) => boolean {
  const expected = digest(token)
  return (headers) => {
    const given = headers[HEADERS.guestToken]
    return typeof given === 'string' && timingSafeEqual(digest(given), expected)
  }
}
