import { describe, expect, it } from '@jest/globals'
import { FaultRules, faultRule, RULES_MAX } from './fault-rules.ts'

describe('fault rules', () => {
  it('hit their method and path as often as told, after what they skip', () => {
    const rules = new FaultRules()
    rules.add(faultRule.parse({ match: 'PUT /a', status: 503, times: 2, skip: 1 }))
    const hits = ['PUT /a/b', 'GET /a', 'PUT /b', 'PUT /a', 'PUT /a', 'PUT /a'].map((request) => {
      const [method = '', path = ''] = request.split(' ')
      return rules.take(method, path)?.status ?? null
    })
    expect(hits).toEqual([null, null, null, 503, 503, null])
    expect(rules.list()).toEqual([])
  })

  it('are bounded, cleared at once, and must name a fault', () => {
    const rules = new FaultRules()
    const rule = faultRule.parse({ match: '* /', latencyMs: 1 })
    for (let n = 0; n < RULES_MAX; n += 1) expect(rules.add(rule)).toBe(true)
    expect(rules.add(rule)).toBe(false)
    rules.clear()
    expect(rules.take('GET', '/')).toBeNull()
    expect(faultRule.safeParse({ match: 'GET /' }).success).toBe(false)
    expect(faultRule.safeParse({ match: 'get', status: 500 }).success).toBe(false)
  })
})
