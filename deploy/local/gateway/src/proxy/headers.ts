import type { IncomingMessage } from 'node:http'

/** A header list as it stands on the wire: duplicates and case are kept. */
export type HeaderList = readonly (readonly [name: string, value: string])[]

/** Meant for one connection only (RFC 9110 §7.6.1), with the names Traefik drops too. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** What says who the client is. Only this gateway may say it, so none of a client's passes. */
const CLIENT_IDENTITY = new Set(['forwarded', 'x-real-ip', 'x-original-url', 'x-rewrite-url'])

/**
 * One spelling for all that some server behind us may read as the same header: CGI-like ones turn
 * `-` and `.` into `_`, so `X_Forwarded_Host` and `X.Forwarded.Host` are `x-forwarded-host`.
 */
export function canonicalHeaderName(name: string): string {
  return name.toLowerCase().replace(/[._]/g, '-')
}

export function headerList(rawHeaders: readonly string[]): HeaderList {
  const list: [string, string][] = []
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    list.push([rawHeaders[at] ?? '', rawHeaders[at + 1] ?? ''])
  }
  return list
}

/** Names that the message's own `Connection` header makes hop-by-hop. */
function namedByConnection(list: HeaderList): Set<string> {
  const names = new Set<string>()
  for (const [name, value] of list) {
    if (name.toLowerCase() !== 'connection') continue
    for (const part of value.split(',')) names.add(part.trim().toLowerCase())
  }
  return names
}

export function withoutHopByHop(list: HeaderList): HeaderList {
  const named = namedByConnection(list)
  return list.filter(([name]) => {
    const lower = name.toLowerCase()
    return !HOP_BY_HOP.has(lower) && !named.has(lower)
  })
}

function saysWhoTheClientIs(name: string): boolean {
  const canonical = canonicalHeaderName(name)
  return canonical.startsWith('x-forwarded-') || CLIENT_IDENTITY.has(canonical)
}

/** A client's headers as far as anyone behind the gateway may see them. */
export function clientHeaders(request: IncomingMessage): HeaderList {
  return withoutHopByHop(headerList(request.rawHeaders)).filter(
    ([name]) => !saysWhoTheClientIs(name),
  )
}

/** Leaves out a header in every spelling of its name. */
export function withoutHeader(list: HeaderList, name: string): HeaderList {
  const wanted = canonicalHeaderName(name)
  return list.filter(([candidate]) => canonicalHeaderName(candidate) !== wanted)
}

export function withoutHeaders(list: HeaderList, names: readonly string[]): HeaderList {
  return names.reduce(withoutHeader, list)
}

function clientAddress(request: IncomingMessage): string {
  return (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '')
}

/** What this gateway itself says about the client to the service behind. */
export function forwardedHeaders(request: IncomingMessage): HeaderList {
  const host = request.headers.host ?? ''
  return [
    ['X-Forwarded-For', clientAddress(request)],
    ['X-Forwarded-Host', host],
    ['X-Forwarded-Port', /:(\d+)$/.exec(host)?.[1] ?? '80'],
    ['X-Forwarded-Proto', 'http'],
    ['X-Real-Ip', clientAddress(request)],
  ]
}

/** What an access check is told about the request it decides on, as Traefik's forwardAuth does. */
export function authHeaders(request: IncomingMessage): HeaderList {
  return [
    ['X-Forwarded-Method', request.method ?? 'GET'],
    ['X-Forwarded-Proto', 'http'],
    ['X-Forwarded-Host', request.headers.host ?? ''],
    ['X-Forwarded-Uri', request.url ?? '/'],
    ['X-Forwarded-For', clientAddress(request)],
  ]
}

/** The form `http.request` and `writeHead` take that keeps duplicates and case. */
export function flat(list: HeaderList): string[] {
  return list.flat()
}
