/** DOS has no zone and two-second steps; we take it for UTC, so that it is the same everywhere. */
export function fromDosTime(date: number, time: number): number {
  const year = 1980 + (date >> 9)
  const month = Math.max(1, (date >> 5) & 15)
  const day = Math.max(1, date & 31)
  return Date.UTC(year, month - 1, day, time >> 11, (time >> 5) & 63, (time & 31) * 2)
}

const EARLIEST_MS = Date.UTC(1980, 0, 1)
const LATEST_MS = Date.UTC(2107, 11, 31, 23, 59, 58)

export function toDosTime(ms: number): { date: number; time: number } {
  const at = new Date(Math.min(LATEST_MS, Math.max(EARLIEST_MS, ms)))
  const date = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate()
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1)
  return { date, time }
}
