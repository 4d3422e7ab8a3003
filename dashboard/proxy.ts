import { type NextRequest, NextResponse } from 'next/server'
import { config as publicConfig } from './lib/config.server.ts'
import { contentSecurityPolicy } from './lib/csp.ts'

/** A fresh nonce for every page; Next puts it on its own scripts when it reads the policy. */
export function proxy(request: NextRequest): NextResponse {
  const nonce = btoa(crypto.randomUUID())
  const policy = contentSecurityPolicy(publicConfig(), {
    nonce,
    isDevelopment: process.env.NODE_ENV === 'development',
  })
  const headers = new Headers(request.headers)
  headers.set('x-nonce', nonce)
  headers.set('Content-Security-Policy', policy)

  const response = NextResponse.next({ request: { headers } })
  response.headers.set('Content-Security-Policy', policy)
  return response
}

export const config = {
  matcher: ['/((?!_next/static|_next/image|healthz|readyz|icon.svg).*)'],
}
