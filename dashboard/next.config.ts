import { fileURLToPath } from 'node:url'
import type { NextConfig } from 'next'

const repositoryRoot = fileURLToPath(new URL('..', import.meta.url))

/** Everything that never depends on the request. The rest, CSP above all, is set in proxy.ts. */
const SECURITY_HEADERS = [
  { key: 'Referrer-Policy', value: 'no-referrer' },
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
  {
    key: 'Permissions-Policy',
    // The workspace frame asks for these by its `allow` list; `*` hands the choice to that list.
    value: 'camera=(), microphone=(), geolocation=(), clipboard-read=*, clipboard-write=*',
  },
]

const config: NextConfig = {
  output: 'standalone',
  outputFileTracingRoot: repositoryRoot,
  turbopack: { root: repositoryRoot },
  transpilePackages: ['@vessel/proto'],
  poweredByHeader: false,
  reactStrictMode: true,
  // `tsc -p dashboard` checks the types, with the compiler of the whole repository.
  typescript: { ignoreBuildErrors: true },
  headers: async () => [{ source: '/(.*)', headers: SECURITY_HEADERS }],
}
export default config
