import { type IgniteUid, igniteUid } from './ids.ts'

/** One line that ignite's logger wrote, as it looks when nobody's terminal is behind it. */
export interface LogLine {
  readonly level: string
  readonly message: string
}

const LINE = /^time="[^"]+" level=(\w+) msg=(?:"((?:[^"\\]|\\.)*)"|(\S*))/
const ESCAPE = /\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|.)/g
const NAMED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }
// biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes begin with one.
const COLOUR = /\u001b\[[0-9;]*[A-Za-z]/g
const WORDS_CHARS_MAX = 500

function characterOf(escaped: string): string {
  const name = escaped.slice(1)
  if (name.length === 1) return NAMED[name] ?? name
  return String.fromCharCode(Number.parseInt(name.slice(1), 16))
}

/** Null for a line that is not the logger's: a table, JSON, or a crash. */
export function parseLogLine(line: string): LogLine | null {
  const found = LINE.exec(line)
  if (!found) return null
  const [, level = '', quoted, bare = ''] = found
  return { level, message: quoted === undefined ? bare : quoted.replace(ESCAPE, characterOf) }
}

export const logLines = (text: string): LogLine[] =>
  text.split('\n').flatMap((line) => parseLogLine(line) ?? [])

/** What is left of an output without the logger's lines, which go to the same stream (§2.1). */
export const withoutLog = (text: string): string =>
  text
    .split('\n')
    .filter((line) => parseLogLine(line) === null)
    .join('\n')

/** A line of output as a person may read it. */
export const wordsOf = (line: string): string =>
  (parseLogLine(line)?.message ?? line).replace(COLOUR, '')

/** Stages of `run` that name the machine, the removal after a failed create included (§2.2). */
const NAMING = [
  /^Created VM with ID "([0-9a-f]{16})"/,
  /^Removed VM with name "[^"]*" and ID "([0-9a-f]{16})"/,
  /^Started Firecracker VM "([0-9a-f]{16})"/,
]

/** The machine an output of `run` speaks of, however far it came. */
export function uidIn(text: string): IgniteUid | null {
  for (const { message } of logLines(text)) {
    for (const pattern of NAMING) {
      const parsed = igniteUid.safeParse(pattern.exec(message)?.[1])
      if (parsed.success) return parsed.data
    }
  }
  return null
}

/** The reason of a failure in ignite's words: its last error, or the head of a crash. */
export function failureIn(text: string): string {
  const said = logLines(text).findLast(({ level }) => level === 'fatal' || level === 'error')
  const crash = text.split('\n').find((line) => line.startsWith('panic:'))
  return (said?.message ?? crash ?? text.trim()).slice(0, WORDS_CHARS_MAX)
}

export const FAILURE_KINDS = ['busy', 'not-found', 'other'] as const
export type FailureKind = (typeof FAILURE_KINDS)[number]

/** Failures that mean something to the driver; each is quoted in the facts. */
const FAILURES: readonly { readonly pattern: RegExp; readonly kind: FailureKind }[] = [
  // §3, failure 7: ignite's own lock file lost a race.
  { pattern: /unable to lock ".*ignite-snapshot\.lock"/, kind: 'busy' },
  // §1, upstream issue 711: the device is let go a moment later.
  { pattern: /dmsetup.*Device or resource busy/, kind: 'busy' },
  // §2.3.
  { pattern: /^can't find \w+: no ID\/name matches/i, kind: 'not-found' },
]

export const failureKind = (words: string): FailureKind =>
  FAILURES.find(({ pattern }) => pattern.test(words))?.kind ?? 'other'
