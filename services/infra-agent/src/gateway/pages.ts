const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char)

/** Looks like the dashboard, whose colours these are, and loads nothing of it. */
const STYLE = `
:root { color-scheme: light dark }
body {
  margin: 0; min-height: 100vh; display: grid; place-content: center; justify-items: center;
  gap: 24px; padding: 0 20px; box-sizing: border-box; text-align: center;
  font: 16px/1.5 system-ui, sans-serif;
  background: light-dark(#fafaf9, #0b0c0e); color: light-dark(#17181b, #eeeff1)
}
h1, p { margin: 0 }
h1 { font-size: 18px }
p { max-width: 24rem; text-wrap: balance; color: light-dark(#575a62, #a3a7b1) }
a {
  padding: 8px 16px; border-radius: 8px; font-weight: 500; text-decoration: none;
  background: light-dark(#17181b, #eeeff1); color: light-dark(#ffffff, #0b0c0e)
}
a:focus-visible { outline: 2px solid light-dark(#0a6c80, #4fc7dd); outline-offset: 2px }
`

/** A plain page: what happened, and where to go. */
export function plainPage(sentence: string, dashboardUrl: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Vessel</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Vessel</h1>
<p>${escapeHtml(sentence)}</p>
<a href="${escapeHtml(dashboardUrl)}" target="_top" rel="noreferrer">Go to your projects</a>
</body>
</html>
`
}

export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const
