import { describe, expect, it, jest } from '@jest/globals'
import { createAuthStates } from './auth-state.ts'

const ADA = { id: 'a', email: 'ada@example.com' }

describe('who is logged in', () => {
  it('is not known at first', () => {
    expect(createAuthStates().current().status).toBe('loading')
  })

  it('stays on the page when a login ends that nobody ended', () => {
    const states = createAuthStates()
    states.move({ status: 'in', person: ADA })
    states.end(false)
    expect(states.current()).toEqual({ status: 'expired', person: ADA })
  })

  it('is nobody after a logout, here or in another tab', () => {
    const states = createAuthStates()
    states.move({ status: 'in', person: ADA })
    states.end(true)
    expect(states.current().status).toBe('out')
  })

  it('is nobody when nobody was', () => {
    const states = createAuthStates()
    states.end(false)
    expect(states.current().status).toBe('out')
  })

  it('lets what waited for a new login go on, or end', async () => {
    const states = createAuthStates()
    states.move({ status: 'in', person: ADA })
    states.end(false)
    const back = states.untilSettled()
    states.move({ status: 'in', person: ADA })
    await expect(back).resolves.toBe(true)

    states.end(false)
    const left = states.untilSettled()
    states.end(true)
    await expect(left).resolves.toBe(false)
  })

  it('is not told again when nothing changed', () => {
    const states = createAuthStates()
    const listener = jest.fn()
    states.onChange(listener)
    states.move({ status: 'in', person: ADA })
    states.move({ status: 'in', person: { ...ADA } })
    expect(listener).toHaveBeenCalledTimes(1)
  })
})
