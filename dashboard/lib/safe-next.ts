/** Where to go after a login: a path of our own, never another site, whatever the link says. */
export function safeNext(next: string | null | undefined, fallback = '/projects'): string {
  if (!next?.startsWith('/')) return fallback
  const base = 'http://self.invalid'
  // The browser's own parser decides: it knows every spelling of `//` and `/\`.
  if (!URL.canParse(next, base)) return fallback
  const url = new URL(next, base)
  if (url.origin !== base || url.username !== '') return fallback
  return `${url.pathname}${url.search}${url.hash}`
}
