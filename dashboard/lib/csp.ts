import type { PublicConfig } from './public-config.ts'

const originOf = (url: string): string => new URL(url).origin

/**
 * The content security policy of every page. Scripts run by nonce alone; the page talks to the
 * three services it was configured with and frames workspaces, nothing else.
 */
export function contentSecurityPolicy(
  config: PublicConfig,
  options: { nonce: string; isDevelopment: boolean },
): string {
  const { nonce, isDevelopment } = options
  const connect = [config.apiUrl, originOf(config.wsUrl), originOf(config.supabaseUrl)]
  // React's development build explains errors with `eval`, and its dev server styles inline.
  const scripts = isDevelopment ? " 'unsafe-eval'" : ''
  const styles = isDevelopment ? "'unsafe-inline'" : `'nonce-${nonce}'`
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${scripts}`,
    `style-src 'self' ${styles}`,
    // Positions of menus and widths of bars are style attributes, which carry no nonce.
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self' ${[...new Set(connect)].join(' ')}`,
    `frame-src ${config.workspaceOrigins}`,
    "manifest-src 'self'",
    "worker-src 'none'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}
