const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** Decimal units, as file managers and storage bills count: "0 B", "4.2 kB", "318 MB". */
export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1_000
    unit += 1
  }
  const digits = unit === 0 || value >= 99.5 ? 0 : 1
  return `${value.toFixed(digits)} ${UNITS[unit]}`
}

export function formatMemory(mib: number): string {
  return mib % 1_024 === 0 ? `${mib / 1_024} GB` : `${mib} MB`
}
