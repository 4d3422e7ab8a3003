import { randomUUID } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { bootId, sessionId } from '@vessel/proto/ids'
import { igniteUid, machineName, parseMachineName } from './ids.ts'

const name = {
  owner: 'h1',
  session: sessionId.parse(randomUUID()),
  bootId: bootId.parse(randomUUID()),
}

describe('the names of machines', () => {
  it('say whose they are and are what ignite takes', () => {
    const text = machineName(name)
    expect(parseMachineName(text)).toEqual(name)
    expect(text).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/)
  })

  it.each([
    'p1',
    'vessel.h1',
    `vessel.h1.${name.session}`,
    `${machineName(name)}.x`,
    'vessel.h1.a.b',
  ])('of others are not ours: %s', (text) => {
    expect(parseMachineName(text)).toBeNull()
  })

  it('are ids of sixteen digits and nothing shorter, which would be a prefix', () => {
    for (const text of ['885b8bf9b4e7090', '885b8bf9b4e709033', '', 'vessel', '885B8BF9B4E70903']) {
      expect(igniteUid.safeParse(text).success).toBe(false)
    }
  })
})
