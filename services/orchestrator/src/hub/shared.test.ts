import { describe, expect, it } from '@jest/globals'
import { FakeClock } from '../../test/hub/support/fake-clock.ts'
import { Shared } from './shared.ts'

function createShared() {
  const clock = new FakeClock()
  const ended: string[] = []
  let made = 0
  const shared = new Shared<string>({
    clock,
    lingerMs: 1_000,
    dispose: (value) => ended.push(value),
  })
  const acquire = () =>
    shared.acquire('key', () => {
      made += 1
      return `value ${made}`
    })
  return { clock, ended, shared, acquire }
}

describe('a shared thing', () => {
  it('is made once and ends a while after its last holder left', () => {
    const { clock, ended, acquire } = createShared()
    const [one, two] = [acquire(), acquire()]
    expect(two.value).toBe(one.value)
    one.end()
    clock.advance(5_000)
    expect(ended).toEqual([])
    two.end()
    clock.advance(999)
    expect(ended).toEqual([])
    clock.advance(1)
    expect(ended).toEqual(['value 1'])
  })

  it('is kept for one who comes back in time', () => {
    const { clock, ended, acquire } = createShared()
    acquire().end()
    clock.advance(500)
    expect(acquire().value).toBe('value 1')
    clock.advance(5_000)
    expect(ended).toEqual([])
  })

  it('can be dropped under its holders, whose end then touches nothing new', () => {
    const { clock, ended, shared, acquire } = createShared()
    const old = acquire()
    shared.drop('key')
    expect(ended).toEqual(['value 1'])
    expect(acquire().value).toBe('value 2')
    old.end()
    clock.advance(5_000)
    expect(ended).toEqual(['value 1'])
  })
})
