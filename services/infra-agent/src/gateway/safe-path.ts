/** A path of a workspace is never longer; what is, is not one of ours. */
const PATH_CHARS_MAX = 2_000
const HERE = 'http://here.invalid'

/**
 * A path on the same host, or `/`. A redirect that could lead elsewhere would lend a workspace's
 * good name to any page: `//host`, `/\host`, control characters and their encoded forms included.
 */
export function safePath(path: string | null): string {
  if (path === null || path.length > PATH_CHARS_MAX) return '/'
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  if (!path.startsWith('/') || /[\u0000-\u0020\u007f\\]/.test(path)) return '/'
  if (/^\/(\/|%2f|%5c)/i.test(path) || /%(0[0-9a-f]|1[0-9a-f]|5c|7f)/i.test(path)) return '/'
  try {
    const url = new URL(path, HERE)
    if (url.origin !== HERE || url.pathname.startsWith('//')) return '/'
    return `${url.pathname}${url.search}${url.hash}`
  } catch {
    // Not a path a browser could go to.
    return '/'
  }
}
