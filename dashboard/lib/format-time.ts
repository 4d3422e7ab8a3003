const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** How long ago, in the fewest words: "just now", "40 s ago", "3 h ago", "2 Mar 2026". */
export function formatAgo(at: string | number, nowMs: number): string {
  const thenMs = typeof at === 'number' ? at : Date.parse(at)
  // Clocks differ a little: a moment that seems to lie ahead is now.
  const ageMs = Math.max(0, nowMs - thenMs)
  if (ageMs < 5 * SECOND_MS) return 'just now'
  if (ageMs < MINUTE_MS) return `${Math.floor(ageMs / SECOND_MS)} s ago`
  if (ageMs < HOUR_MS) return `${Math.floor(ageMs / MINUTE_MS)} min ago`
  if (ageMs < DAY_MS) return `${Math.floor(ageMs / HOUR_MS)} h ago`
  if (ageMs < 7 * DAY_MS) {
    const days = Math.floor(ageMs / DAY_MS)
    return days === 1 ? 'yesterday' : `${days} days ago`
  }
  return formatDate(thenMs)
}

export function formatDate(atMs: number): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' }).format(atMs)
}

/** Date and time of day in the reader's time zone. */
export function formatMoment(at: string): string {
  const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' })
  return format.format(Date.parse(at))
}

/** A length of time: "820 ms", "2.4 s", "1 min 12 s", "3 h 4 min". */
export function formatDuration(ms: number): string {
  if (ms < SECOND_MS) return `${Math.round(ms)} ms`
  if (ms < 59_950) return `${(ms / SECOND_MS).toFixed(1)} s`
  const seconds = Math.round(ms / SECOND_MS)
  if (seconds < 3_600) return twoUnits(seconds, 'min', 's')
  return twoUnits(Math.round(seconds / 60), 'h', 'min')
}

/** Of sixty small units one large: "1 min 12 s", and "3 h" where nothing is left over. */
function twoUnits(count: number, large: string, small: string): string {
  const rest = count % 60
  const whole = `${Math.floor(count / 60)} ${large}`
  return rest === 0 ? whole : `${whole} ${rest} ${small}`
}

/** How long until then, to the minute: "29 min", "less than a minute". */
export function formatUntil(at: string, nowMs: number): string {
  const minutes = Math.round((Date.parse(at) - nowMs) / MINUTE_MS)
  return minutes < 1 ? 'less than a minute' : formatDuration(minutes * MINUTE_MS)
}

/** A count-down in whole seconds: "0:42". */
export function formatCountdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / SECOND_MS))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
