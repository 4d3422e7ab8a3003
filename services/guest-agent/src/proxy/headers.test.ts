import { describe, expect, it } from '@jest/globals'
import { TICKET_COOKIE } from '@vessel/proto/headers'
import { errorPage, escapeHtml } from './error-page.ts'
import { requestHeaders, responseHeaders, withoutTicket } from './headers.ts'

describe('the headers a program sees', () => {
  it('are the client’s own, in order and in their spelling', () => {
    const raw = ['Host', 'p.x', 'X-A', '1', 'x-a', '2', 'Authorization', 'Basic x', 'Accept', '']
    expect(requestHeaders(raw)).toEqual(raw)
  })

  it('hold nothing of Vessel in any spelling, and nothing of one connection only', () => {
    const raw = [
      ...['X-Vessel-Guest-Token', 't', 'x_vessel_target', 'ide', 'X-VESSEL-ANY', '1'],
      ...['Connection', 'keep-alive, X-Own', 'X-Own', '1', 'Keep-Alive', '5', 'TE', 'trailers'],
      ...['Transfer-Encoding', 'chunked', 'Upgrade', 'h2c', 'Proxy-Authorization', 'x'],
      ...['Expect', '100-continue'],
    ]
    expect(requestHeaders(raw)).toEqual([])
  })

  it.each([
    [`a=1; ${TICKET_COOKIE}=x; b=2`, 'a=1; b=2'],
    [`${TICKET_COOKIE}=x`, ''],
    [`${TICKET_COOKIE}=x; a=1`, 'a=1'],
    [` ${TICKET_COOKIE.toUpperCase()} =x;a="q; r"`, 'a="q; r"'],
    [`a=${TICKET_COOKIE}`, `a=${TICKET_COOKIE}`],
    [TICKET_COOKIE, ''],
  ])('of the cookies %j leave %j', (cookies, left) => {
    expect(withoutTicket(cookies)).toBe(left)
    expect(requestHeaders(['Cookie', cookies])).toEqual(left === '' ? [] : ['Cookie', left])
  })

  it('of an answer may not set the ticket', () => {
    const raw = ['Set-Cookie', `${TICKET_COOKIE}=mine; Path=/`, 'Set-Cookie', 'own=1', 'ETag', 'x']
    expect(responseHeaders(raw)).toEqual(['Set-Cookie', 'own=1', 'ETag', 'x'])
  })
})

describe('the error page', () => {
  it('escapes whatever it is told', () => {
    expect(escapeHtml(`<a href="x">&'`)).toBe('&lt;a href=&quot;x&quot;&gt;&amp;&#39;')
    expect(errorPage(502, '<script>').body).not.toContain('<script>')
  })
})
