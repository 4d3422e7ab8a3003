import type { HydrateProgress } from '@vessel/proto/guest/api'

const COUNTED = /^(?:Receiving objects|Updating files):\s+\d+% \((\d+)\/(\d+)\)/

/** git counts what it receives and what it writes; what else it says is for people. */
export function cloneProgress(line: string): HydrateProgress | null {
  const [, done, total] = COUNTED.exec(line) ?? []
  if (done === undefined || total === undefined) return null
  return {
    ...{ type: 'progress', bytesDone: 0, bytesTotal: 0 },
    entriesDone: Number(done),
    entriesTotal: Number(total),
  }
}

/** The counting lines are rewritten many times a second; only the last of each is worth telling. */
export const isFinal = (line: string): boolean =>
  cloneProgress(line) === null ? !/:\s+\d+% \(\d+\/\d+\)$/.test(line) : line.includes(', done')
