import { STATUS_CODES } from 'node:http'

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => escapes[char] as string)
}

export interface ErrorPage {
  readonly status: number
  readonly headers: string[]
  readonly body: string
}

/** A plain page for a person who opened a preview: no script, nothing loaded, nothing reflected. */
export function errorPage(status: number, text: string): ErrorPage {
  const title = `${status} ${STATUS_CODES[status] ?? ''}`.trim()
  const body =
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escapeHtml(title)}</title>` +
    '<style>body{font:16px system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem;' +
    'color-scheme:light dark}</style>' +
    `<h1>${escapeHtml(title)}</h1><p>${escapeHtml(text)}</p></html>\n`
  const headers = [
    ...['content-type', 'text/html; charset=utf-8'],
    ...['content-length', String(Buffer.byteLength(body))],
    ...['content-security-policy', "default-src 'none'; style-src 'unsafe-inline'"],
    ...['cache-control', 'no-store'],
  ]
  return { status, headers, body }
}
