const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
const HOST = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`)
const PORT = /:\d{1,5}$/
const NAME_LENGTH_MAX = 253

/**
 * The host name of a request in its one canonical form, or null.
 *
 * Case and a port are tolerated, as browsers and Traefik do. A trailing dot, an IPv6 literal, an
 * underscore or a percent sign is some other spelling of a name, and other spellings open nothing.
 */
export function canonicalHost(header: string | undefined): string | null {
  if (!header) return null
  const name = header.replace(PORT, '').toLowerCase()
  return name.length <= NAME_LENGTH_MAX && HOST.test(name) ? name : null
}
