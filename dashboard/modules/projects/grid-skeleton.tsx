import { Skeleton } from '../../ui/skeleton.tsx'

export const gridClass = 'grid grid-cols-1 gap-4 sm:grid-cols-2 lg:grid-cols-3'
export const cardClass = 'flex h-[158px] flex-col rounded-lg border border-line bg-surface p-4'

const PLACES = ['a', 'b', 'c', 'd', 'e', 'f']

/** Cards to come, in the size of cards. */
export function GridSkeleton() {
  return (
    <div aria-hidden className={gridClass}>
      {PLACES.map((place) => (
        <div key={place} className={cardClass}>
          <div className="flex items-center gap-3">
            <Skeleton className="size-9" />
            <div className="flex-1">
              <Skeleton className="h-4 w-2/5" />
              <Skeleton className="mt-2 h-3 w-1/4" />
            </div>
          </div>
          <div className="mt-auto flex items-center justify-between">
            <Skeleton className="h-5 w-20" />
            <Skeleton className="h-8 w-16" />
          </div>
        </div>
      ))}
    </div>
  )
}
