import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { HEADERS } from '@vessel/proto/headers'
import { startGuest, type TestGuest } from './helpers/guest.ts'
import { ask } from './helpers/http.ts'

/** Real files and processes on a machine that others use, too. */
jest.setTimeout(60_000)

describe('the token', () => {
  let guest: TestGuest
  beforeEach(async () => {
    guest = await startGuest()
  })
  afterEach(() => guest.stop())

  it.each([
    ['no token', {}],
    ['a wrong token', { [HEADERS.guestToken]: 'x'.repeat(48) }],
    ['an empty token', { [HEADERS.guestToken]: '' }],
    ['a bearer token instead', { authorization: 'Bearer x' }],
  ])('is needed for everything: with %s there is only 401', async (_, headers) => {
    const paths = ['/v1/health', '/v1/stream', '/v1/workspace/pack', '/', '/nothing']
    for (const path of paths) {
      for (const extra of [{}, { [HEADERS.target]: 'ide' }]) {
        const answer = await ask({ port: guest.port, path, headers: { ...headers, ...extra } })
        expect([answer.status, JSON.parse(answer.text).code]).toEqual([401, 'UNAUTHENTICATED'])
      }
    }
  })

  it('is never said back', async () => {
    const answers = [
      await guest.call({ path: '/nothing' }),
      await guest.call({ path: '/v1/health' }),
      await guest.call({ path: '/', headers: { [HEADERS.target]: 'port:nonsense' } }),
    ]
    for (const answer of answers) {
      expect(JSON.stringify([answer.headers, answer.text])).not.toContain(guest.config.token)
    }
    expect(answers.map(({ status }) => status)).toEqual([404, 200, 400])
  })

  it('does not open a method that a path does not have', async () => {
    const answer = await guest.call({ method: 'DELETE', path: '/v1/workspace' })
    expect([answer.status, JSON.parse(answer.text).code]).toEqual([405, 'METHOD_NOT_ALLOWED'])
  })
})
