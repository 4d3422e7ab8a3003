import { describe, expect, it } from '@jest/globals'
import { CLOSE_CODES, mayReconnect } from '../src/browser/close-codes.ts'
import { formatTopic, parseTopic } from '../src/browser/topics.ts'
import { routeFile } from '../src/gateway/route-file.ts'
import { hostId, projectSlug } from '../src/ids.ts'

const id = '7d9f4f0e-52a4-4a1c-9a53-0f6f0f2d8a11'

describe('topics', () => {
  it.each([`user:${id}`, `project:${id}`, `session:${id}`, 'host:metal-1', 'admin'])(
    '%s is read and written alike',
    (text) => {
      const topic = parseTopic(text)
      expect(topic && formatTopic(topic)).toBe(text)
    },
  )

  it.each([
    '',
    'user:',
    'user:me',
    `user:${id}:x`,
    `user:${id} `,
    'admin:x',
    `USER:${id}`,
    'host:*',
  ])('%j is no topic', (text) => expect(parseTopic(text)).toBeNull())
})

describe('close codes', () => {
  it('say by their number alone whether to come back', () => {
    const terminal = Object.entries(CLOSE_CODES)
      .filter(([, code]) => !mayReconnect(code))
      .map(([name]) => name)
    expect(terminal.sort()).toEqual(
      ['badFrame', 'flood', 'revoked', 'tooLarge', 'unauthenticated', 'version'].sort(),
    )
  })
})

describe('names that become host names, paths and subjects', () => {
  it.each(['a', 'api-server-x7k2', 'p1'])('%s is a slug', (slug) => {
    expect(projectSlug.safeParse(slug).success).toBe(true)
  })
  it.each(['', '1a', '-a', 'a-', 'a--b', 'A', 'a.b', 'a_b', 'a/b', 'a b', 'é', 'a'.repeat(41)])(
    '%j is no slug',
    (slug) => expect(projectSlug.safeParse(slug).success).toBe(false),
  )
  it.each(['', '-a', 'a.b', 'a/..', 'A', '*', '>', 'a'.repeat(41)])('%j is no host id', (host) => {
    expect(hostId.safeParse(host).success).toBe(false)
  })
})

describe('route files', () => {
  const file = (rule: string, url = 'http://127.0.0.1:4321') => ({
    http: {
      routers: { 'w-1': { rule, service: 's-1' } },
      services: { 's-1': { loadBalancer: { servers: [{ url }] } } },
    },
  })

  it.each(['Host(`a.localhost`)', 'Host(`3000--a.localhost`) && PathPrefix(`/_vessel/`)'])(
    'accept the rule %s',
    (rule) => expect(routeFile.safeParse(file(rule)).success).toBe(true),
  )
  it.each([
    'HostRegexp(`.*`)',
    'Host(`a`) || Host(`b`)',
    'PathPrefix(`/`)',
    'Host(`a`) && Method(`GET`)',
  ])('refuse the rule %s', (rule) => {
    expect(routeFile.safeParse(file(rule)).success).toBe(false)
  })
  it('let a rule of every name come last, and never before another', () => {
    const { http } = file('PathPrefix(`/`)')
    const at = (priority: number) => ({
      http: { ...http, routers: { 'w-1': { ...http.routers['w-1'], priority } } },
    })
    expect([1, 2, 100].map((priority) => routeFile.safeParse(at(priority)).success)).toEqual([
      ...[true, false, false],
    ])
  })
  it('refuse a field nobody agreed on', () => {
    const odd = { ...file('Host(`a.localhost`)'), tcp: {} }
    expect(routeFile.safeParse(odd).success).toBe(false)
  })
})
