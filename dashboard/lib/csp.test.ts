import { describe, expect, it } from '@jest/globals'
import { contentSecurityPolicy } from './csp.ts'

const CONFIG = {
  apiUrl: 'http://localhost:4000',
  wsUrl: 'ws://localhost:4000/ws',
  supabaseUrl: 'http://localhost:54321/base',
  supabaseAnonKey: 'anon',
  workspaceOrigins: 'http://*.localhost:8080',
}

function directives(isDevelopment = false): Record<string, string> {
  const policy = contentSecurityPolicy(CONFIG, { nonce: 'abc', isDevelopment })
  return Object.fromEntries(
    policy.split('; ').map((part) => {
      const [name = '', ...values] = part.split(' ')
      return [name, values.join(' ')]
    }),
  )
}

describe('the content security policy', () => {
  it('runs scripts by nonce alone', () => {
    expect(directives()['script-src']).toBe("'self' 'nonce-abc' 'strict-dynamic'")
  })

  it('lets the page talk to its three services and nobody else', () => {
    expect(directives()['connect-src']).toBe(
      "'self' http://localhost:4000 ws://localhost:4000 http://localhost:54321",
    )
  })

  it('frames workspaces only, and is framed by no one', () => {
    expect(directives()['frame-src']).toBe('http://*.localhost:8080')
    expect(directives()['frame-ancestors']).toBe("'none'")
  })

  it('allows nothing that it does not name', () => {
    expect(directives()['default-src']).toBe("'none'")
  })

  it('never allows eval outside of development', () => {
    expect(directives()['script-src']).not.toContain('eval')
    expect(directives(true)['script-src']).toContain("'unsafe-eval'")
  })
})
