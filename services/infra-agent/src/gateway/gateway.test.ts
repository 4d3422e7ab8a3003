import { describe, expect, it } from '@jest/globals'
import { TICKET_COOKIE } from '@vessel/proto/headers'
import { ticketFrom, withoutTicket } from './cookies.ts'
import { plainPage } from './pages.ts'
import { safePath } from './safe-path.ts'
import { parseWorkspaceHost } from './workspace-host.ts'

describe('a path to go on to', () => {
  it.each(['/', '/a/b?c=d#e', '/?folder=/x', '/%20'])('keeps %s', (path) => {
    expect(safePath(path)).toBe(path)
  })
  it.each([
    '//evil.test',
    '/\\evil.test',
    '\\\\evil.test',
    'https://evil.test',
    'javascript:alert(1)',
    '/%2fevil.test',
    '/%5cevil.test',
    '/\tevil',
    '/\n//evil.test',
    '/%0d%0aset-cookie:a',
    '/.//evil.test',
    '/a/..//evil.test',
    '',
    `/${'a'.repeat(3_000)}`,
  ])('replaces %j', (path) => {
    expect(safePath(path)).toBe('/')
  })
})

describe('cookies', () => {
  const ticket = `${TICKET_COOKIE}=t`
  it('gives the ticket to us and the rest to the program', () => {
    expect(ticketFrom(`a=1; ${ticket}; b="x"`)).toBe('t')
    expect(withoutTicket(`a=1; ${ticket}; b="x"`)).toBe('a=1; b="x"')
  })
  it('removes the ticket in any spelling, and a second one', () => {
    expect(withoutTicket(`${TICKET_COOKIE.toUpperCase()}=x;${ticket};  a=1`)).toBe('a=1')
    expect(ticketFrom(`${ticket}; ${ticket}`)).toBeNull()
    expect(withoutTicket(undefined)).toBe('')
  })
})

describe('the name of a workspace', () => {
  const base = { scheme: 'https', domain: 'run.example', portSuffix: '' } as const
  it('has one spelling', () => {
    expect(parseWorkspaceHost('demo.run.example', base)).toEqual({
      slug: 'demo',
      port: null,
      origin: 'https://demo.run.example',
    })
    expect(parseWorkspaceHost('3000--demo.run.example', base)).toMatchObject({ port: 3000 })
  })
  it.each([
    ...['Demo.run.example', 'demo.run.example.', 'a.b.run.example', 'run.example', 'xrun.example'],
    ...['70000--demo.run.example', '03--demo.run.example', '1e3--demo.run.example'],
    ...['3--4--demo.run.example', 'demo.run.example:443', '--demo.run.example', ''],
  ])('is not %j', (host) => {
    expect(parseWorkspaceHost(host, base)).toBeNull()
  })
})

describe('a page', () => {
  it('shows what it is given as text', () => {
    expect(plainPage('<script>"&', 'http://d/?a="b')).not.toMatch(/<script>|a="b/)
  })
})
