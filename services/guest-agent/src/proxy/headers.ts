import { TICKET_COOKIE } from '@vessel/proto/headers'

/** Headers that speak of one connection only (RFC 9110 §7.6.1), in lower case. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])
/** Vessel's own, also in the spelling that CGI-like servers take for the same. */
const VESSEL_HEADER = /^x[-_]vessel[-_]/

type RawHeaders = readonly string[]

function* pairs(raw: RawHeaders): Generator<[string, string]> {
  for (let at = 0; at + 1 < raw.length; at += 2) yield [raw[at] as string, raw[at + 1] as string]
}

/** Names the `Connection` header of this message adds to the hop-by-hop ones. */
function connectionNames(raw: RawHeaders): Set<string> {
  const names = new Set<string>()
  for (const [name, value] of pairs(raw)) {
    if (name.toLowerCase() !== 'connection') continue
    for (const part of value.split(',')) names.add(part.trim().toLowerCase())
  }
  return names
}

/**
 * What the user's program gets to see of a request: everything the client sent, its own cookies and
 * Authorization included, but nothing of Vessel's.
 */
export function requestHeaders(raw: RawHeaders): string[] {
  const named = connectionNames(raw)
  const kept: string[] = []
  for (const [name, value] of pairs(raw)) {
    const lower = name.toLowerCase()
    if (HOP_BY_HOP.has(lower) || named.has(lower) || VESSEL_HEADER.test(lower)) continue
    if (lower === 'expect') continue
    const passed = lower === 'cookie' ? withoutTicket(value) : value
    if (passed !== '') kept.push(name, passed)
    else if (value === '') kept.push(name, value)
  }
  return kept
}

/** The same for an answer. A program must not take the ticket's place, either. */
export function responseHeaders(raw: RawHeaders): string[] {
  const named = connectionNames(raw)
  const kept: string[] = []
  for (const [name, value] of pairs(raw)) {
    const lower = name.toLowerCase()
    if (HOP_BY_HOP.has(lower) || named.has(lower)) continue
    if (lower === 'set-cookie' && isTicket(value)) continue
    kept.push(name, value)
  }
  return kept
}

/** The cookies in the client's own words, without ours. */
export function withoutTicket(cookies: string): string {
  return cookies
    .split(';')
    .filter((cookie) => !isTicket(cookie))
    .join(';')
    .trim()
}

function isTicket(cookie: string): boolean {
  const name = cookie.split('=', 1)[0] as string
  return name.trim().toLowerCase() === TICKET_COOKIE.toLowerCase()
}
