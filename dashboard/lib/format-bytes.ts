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

const MIB_PER_GIB = 1_024

export function formatMemory(mib: number): string {
  if (mib < MIB_PER_GIB) return `${mib} MB`
  const gib = mib / MIB_PER_GIB
  // Of a large machine nobody wants the tenths.
  return `${gib >= 10 ? Math.round(gib) : Math.round(gib * 10) / 10} GB`
}

/** "1 file", "1,318 files". */
export const formatFiles = (files: number): string =>
  files === 1 ? '1 file' : `${files.toLocaleString('en')} files`
