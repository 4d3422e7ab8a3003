/** One line of a child, as a person wants to read it. */
export interface ReadableLine {
  readonly level: number
  readonly text: string
}

const LEVEL = { debug: 20, info: 30, warn: 40, error: 50 } as const
const LINE_CHARS_MAX = 2_000
const FIELD_CHARS_MAX = 160
/** Said by the prefix and the clock already. */
const NOT_SHOWN = new Set(['level', 'time', 'msg', 'service', 'pid', 'hostname', 'v'])

function shown(value: unknown): string {
  if (typeof value === 'string') return value
  if (value && typeof value === 'object' && 'message' in value) return String(value.message)
  return JSON.stringify(value) ?? ''
}

function short(text: string): string {
  const oneLine = text.replace(/\s+/g, ' ')
  return oneLine.length > FIELD_CHARS_MAX ? `${oneLine.slice(0, FIELD_CHARS_MAX)}…` : oneLine
}

/** nats-server: `[pid] date time [INF] text`. */
const NATS_LINE = /^\[\d+\] \S+ \S+ \[([A-Z]{3})\] (.*)$/
const NATS_LEVELS: Record<string, number> = { WRN: LEVEL.warn, ERR: LEVEL.error, FTL: LEVEL.error }
/** redis-server: `pid:M date # text`; its marks tell importance to its authors, not to us. */
const REDIS_LINE = /^\d+:\w .*? [.*#-] (.*)$/
const REDIS_SIGNAL_LINE = /^\d+:signal-handler /

/** The chatter of the servers that are not ours is in their log files; their faults are shown. */
function foreignLine(line: string): ReadableLine | null {
  const nats = NATS_LINE.exec(line)
  if (nats) return { level: NATS_LEVELS[nats[1] ?? ''] ?? LEVEL.debug, text: nats[2] ?? '' }
  if (REDIS_SIGNAL_LINE.test(line)) return { level: LEVEL.debug, text: line }
  const redis = REDIS_LINE.exec(line)
  if (!redis) return null
  const text = redis[1] ?? ''
  return { level: /\b(error|fatal|can't|failed)\b/i.test(text) ? LEVEL.error : LEVEL.debug, text }
}

/** A pino line becomes its message and fields; anything else stays as it is. */
export function readableLine(line: string): ReadableLine {
  const raw = { level: LEVEL.info, text: line.slice(0, LINE_CHARS_MAX) }
  if (!line.startsWith('{')) return foreignLine(line) ?? raw
  let entry: Record<string, unknown>
  try {
    entry = JSON.parse(line) as Record<string, unknown>
  } catch {
    return raw
  }
  if (typeof entry.msg !== 'string') return raw
  const fields = Object.entries(entry)
    .filter(([name]) => !NOT_SHOWN.has(name))
    .map(([name, value]) => `${name}=${short(shown(value))}`)
  return {
    level: typeof entry.level === 'number' ? entry.level : LEVEL.info,
    text: [entry.msg, ...fields].join(' ').slice(0, LINE_CHARS_MAX),
  }
}

/** Cuts a stream into lines; a line without an end is given out once it is too long. */
export function createLineSplitter(onLine: (line: string) => void, bytesMax = 64 * 1024) {
  let rest = ''
  return {
    push(text: string): void {
      rest += text
      const lines = rest.split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) if (line.trim()) onLine(line)
      if (rest.length > bytesMax) {
        onLine(rest)
        rest = ''
      }
    },
    end(): void {
      if (rest.trim()) onLine(rest)
      rest = ''
    },
  }
}
