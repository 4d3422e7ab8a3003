import { stat } from 'node:fs/promises'
import type { ProcessStat } from '../metrics/parse-proc.ts'

/** Device majors of /dev/pts (the kernel's `admin-guide/devices`): eight, 256 minors each. */
const PTS_MAJOR_FIRST = 136
const PTS_MAJOR_LAST = 143

/** The number of the terminal in /dev/pts from a process's `tty_nr`, or undefined without one. */
export function terminalNumber(device: number): number | undefined {
  const major = (device >> 8) & 0xfff
  if (major < PTS_MAJOR_FIRST || major > PTS_MAJOR_LAST) return undefined
  const minor = (device & 0xff) | ((device >> 12) & 0xfff00)
  return (major - PTS_MAJOR_FIRST) * 256 + minor
}

export interface TerminalInput {
  /** Was something typed in a terminal of these processes since the last call? */
  wasTyped(processes: readonly ProcessStat[]): Promise<boolean>
}

/**
 * Linux notes on a terminal's device when something typed in it was read, and elsewhere when
 * something was written to it: a build that prints for hours is not a person. This is how `w` knows
 * idle times; the time moves in steps of 8 s.
 */
export function createTerminalInput(
  readAtMs: (path: string) => Promise<number | undefined> = accessTime,
): TerminalInput {
  let known = new Map<number, number>()
  return {
    wasTyped: async (processes) => {
      const seen = new Map<number, number>()
      const numbers = new Set(processes.map(({ terminal }) => terminalNumber(terminal)))
      let isTyped = false
      for (const number of numbers) {
        if (number === undefined) continue
        const atMs = await readAtMs(`/dev/pts/${number}`)
        if (atMs === undefined) continue
        seen.set(number, atMs)
        const before = known.get(number)
        // A terminal one sees for the first time was just opened, which is told by its opening.
        if (before !== undefined && atMs > before) isTyped = true
      }
      known = seen
      return isTyped
    },
  }
}

async function accessTime(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ atimeMs }) => atimeMs,
    () => undefined,
  )
}
