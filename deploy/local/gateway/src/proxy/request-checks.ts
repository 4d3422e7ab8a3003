import type { IncomingMessage } from 'node:http'

/** `.` and `..` as whole segments, also encoded: two servers may resolve them differently. */
const DOT_SEGMENT = /(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/i

/** Control characters and blanks have no place in a request target. */
const TARGET = /^\/[!-~\u0080-\u00ff]*$/

export function pathOf(target: string): string {
  return target.split(/[?#]/, 1)[0] ?? ''
}

/**
 * Whether a request means the same to every server that will read it. Node's parser has refused
 * broken framing and folded headers before; this is what it lets through.
 */
export function isUnambiguous(request: IncomingMessage): boolean {
  const target = request.url ?? ''
  if (!TARGET.test(target) || DOT_SEGMENT.test(pathOf(target))) return false

  const names = request.rawHeaders.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase())
  const countOf = (wanted: string) => names.filter((name) => name === wanted).length
  if (countOf('host') !== 1) return false

  const hasLength = countOf('content-length') > 0
  const coding = request.headers['transfer-encoding']
  if (coding !== undefined && (hasLength || coding.trim().toLowerCase() !== 'chunked')) return false
  return countOf('content-length') <= 1 && countOf('transfer-encoding') <= 1
}
