/** The parts of the mark, as `app/icon.svg` has them. */
export const MARK = {
  hull: 'M3 13h18l-2.6 5.2A3.2 3.2 0 0 1 15.5 20h-7a3.2 3.2 0 0 1-2.9-1.8L3 13Z',
  mainsail: 'M11 4v7H5.5L11 4Z',
  jib: 'M13 6v5h4.4L13 6Z',
} as const

/** A hull under its deck: the mark of Vessel. */
export function Mark({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" aria-hidden="true">
      <path d={MARK.hull} fill="currentColor" />
      <path d={MARK.mainsail} fill="currentColor" opacity=".55" />
      <path d={MARK.jib} fill="var(--color-accent)" />
    </svg>
  )
}

export function Logo() {
  return (
    <span className="flex items-center gap-2 font-semibold text-lg tracking-tight">
      <Mark />
      Vessel
    </span>
  )
}
