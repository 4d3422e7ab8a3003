import { Skeleton } from './skeleton.tsx'

export const panelClass = 'overflow-hidden rounded-lg border border-line bg-surface shadow-card'

const PLACES = ['a', 'b', 'c']

/** Rows to come. */
export function PanelSkeleton() {
  return (
    <div aria-hidden className={panelClass}>
      {PLACES.map((place) => (
        <div
          key={place}
          className="flex h-14 items-center gap-4 border-line px-4 not-first:border-t"
        >
          <Skeleton className="h-4 w-1/3" />
          <Skeleton className="ml-auto h-4 w-16" />
        </div>
      ))}
    </div>
  )
}
