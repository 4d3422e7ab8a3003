import { Skeleton } from '../../ui/skeleton.tsx'
import { GridSkeleton } from '../projects/grid-skeleton.tsx'

/** What every page looks like before it is known who is there. */
export function PageSkeleton() {
  return (
    <div aria-busy="true">
      <span className="sr-only" role="status">
        Loading
      </span>
      <div className="mb-6 flex h-9 items-center">
        <Skeleton className="h-6 w-32" />
      </div>
      <GridSkeleton />
    </div>
  )
}
