/** A hull under its deck: the mark of Vessel. */
export function Mark({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" aria-hidden="true">
      <path
        d="M3 13h18l-2.6 5.2A3.2 3.2 0 0 1 15.5 20h-7a3.2 3.2 0 0 1-2.9-1.8L3 13Z"
        fill="currentColor"
      />
      <path d="M11 4v7H5.5L11 4Z" fill="currentColor" opacity=".55" />
      <path d="M13 6v5h4.4L13 6Z" fill="var(--color-accent)" />
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
