import { describe, expect, it } from '@jest/globals'
import { createTerminalInput, terminalNumber } from './terminal-input.ts'

const onTerminal = (terminal: number) => ({
  ...{ pid: 1, parent: 0, name: 'bash', cpuTicks: 0, startTicks: 1, residentPages: 1, terminal },
})

describe('typing in a terminal', () => {
  it('belongs to pseudo terminals only', () => {
    expect(terminalNumber(0)).toBeUndefined()
    expect(terminalNumber((4 << 8) | 1)).toBeUndefined()
    expect(terminalNumber(136 << 8)).toBe(0)
    expect(terminalNumber((136 << 8) | 7)).toBe(7)
    expect(terminalNumber((137 << 8) | 1)).toBe(257)
  })

  it('is seen when the terminal was read from since the last look, and not otherwise', async () => {
    const times = new Map([['/dev/pts/3', 1_000]])
    const input = createTerminalInput(async (path) => times.get(path))
    const shells = [onTerminal((136 << 8) | 3), onTerminal(0)]
    expect(await input.wasTyped(shells)).toBe(false)
    expect(await input.wasTyped(shells)).toBe(false)
    times.set('/dev/pts/3', 9_000)
    expect(await input.wasTyped(shells)).toBe(true)
    expect(await input.wasTyped(shells)).toBe(false)
    times.clear()
    expect(await input.wasTyped(shells)).toBe(false)
  })
})
