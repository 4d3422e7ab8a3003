import { describe, expect, it } from '@jest/globals'
import { FLOOD_BURST_BYTES, FLOOD_BYTES_PER_SECOND, FloodGate } from './flood-gate.ts'

describe('the flood gate', () => {
  it('lets a burst through, then as much as time gives', () => {
    const gate = new FloodGate(0)
    expect(gate.admits(FLOOD_BURST_BYTES, 0)).toBe(true)
    expect(gate.admits(1, 0)).toBe(false)
    expect(gate.admits(FLOOD_BYTES_PER_SECOND, 1_000)).toBe(true)
    expect(gate.admits(1, 1_000)).toBe(false)
  })

  it('never saves up more than a burst', () => {
    const gate = new FloodGate(0)
    expect(gate.admits(FLOOD_BURST_BYTES + 1, 1_000_000)).toBe(false)
  })
})
