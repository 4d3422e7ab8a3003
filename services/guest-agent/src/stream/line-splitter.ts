import { StringDecoder } from 'node:string_decoder'

/** Longer lines are cut: the contract allows 4,096 characters. */
const LINE_CHARS_MAX = 4_096
/** A program that prints without end must not drown the boot log of a session. */
const LINES_PER_SECOND_MAX = 200

export interface LineSplitter {
  push(chunk: Buffer): void
  /** Also gives out a last line that never got its newline. */
  end(): void
}

/** Cuts a program's output into lines, bounded in length and rate. */
export function createLineSplitter(
  onLine: (line: string) => unknown,
  nowMs: () => number,
): LineSplitter {
  const decoder = new StringDecoder('utf8')
  const limited = limitRate(onLine, nowMs)
  let rest = ''

  const take = (text: string): void => {
    const lines = (rest + text).split('\n')
    rest = (lines.pop() as string).slice(0, LINE_CHARS_MAX)
    for (const line of lines) limited(line.replace(/\r$/, '').slice(0, LINE_CHARS_MAX))
  }
  return {
    push: (chunk) => take(decoder.write(chunk)),
    end: () => {
      take(decoder.end())
      if (rest !== '') limited(rest)
      rest = ''
    },
  }
}

function limitRate(onLine: (line: string) => unknown, nowMs: () => number) {
  let windowStart = nowMs()
  let inWindow = 0
  let dropped = 0
  return (line: string): void => {
    if (nowMs() - windowStart >= 1_000) {
      if (dropped > 0) onLine(`(${dropped} lines left out: too many at once)`)
      windowStart = nowMs()
      inWindow = 0
      dropped = 0
    }
    inWindow += 1
    if (inWindow <= LINES_PER_SECOND_MAX) onLine(line)
    else dropped += 1
  }
}
