import { ALWAYS_IGNORED } from '@vessel/proto/archive'
import createMatcher, { type Ignore } from 'ignore'
import { type BytePath, toText } from './byte-path.ts'

/** More lines than a person writes; each one costs time for every file of the workspace. */
const PATTERNS_MAX = 1_000

export interface IgnoreRules {
  isIgnored(path: BytePath, isDirectory: boolean): boolean
  /** Lines that were not understood: they ignore nothing. */
  readonly malformed: readonly string[]
}

/**
 * What a save leaves out: Vessel's own list, which no pattern can undo, and the given lines of
 * gitignore syntax. A line that is not understood is left aside: too much saved is better than
 * too little.
 */
export function createIgnoreRules(lines: readonly string[]): IgnoreRules {
  const always = createMatcher({ ignorecase: false }).add([...ALWAYS_IGNORED])
  const own = createMatcher({ ignorecase: false })
  const malformed: string[] = []
  let hasOwn = false
  for (const [index, line] of lines.entries()) {
    if (index >= PATTERNS_MAX || !isUsable(line)) malformed.push(line)
    else if (line.trim() !== '') {
      own.add(line)
      hasOwn = true
    }
  }
  // Most projects have no list of their own, and each one is asked about every file.
  const matchers = hasOwn ? [always, own] : [always]

  return {
    malformed,
    isIgnored: (path, isDirectory) => {
      const text = isDirectory ? `${toText(path)}/` : toText(path)
      return matchers.some((matcher) => matches(matcher, text))
    },
  }
}

function isUsable(line: string): boolean {
  try {
    createMatcher().add(line).ignores('probe')
    return line.length <= 1_024
  } catch {
    // The library says no by throwing while it builds the expression.
    return false
  }
}

function matches(matcher: Ignore, text: string): boolean {
  return createMatcher.isPathValid(text) && matcher.ignores(text)
}

export function splitLines(text: string): string[] {
  return text.split(/\r?\n/)
}
