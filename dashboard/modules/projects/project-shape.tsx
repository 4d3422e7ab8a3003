import { PanelSkeleton } from '../../ui/panel-frame.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'

/** A project's page to come, in its own measures. */
export function ProjectShape() {
  return (
    <div aria-busy="true" className="mx-auto max-w-[820px]">
      <h1 className="sr-only">Loading the project</h1>
      <Skeleton className="h-5 w-20" />
      <div className="mt-3 flex items-center gap-3">
        <Skeleton className="size-10" />
        <Skeleton className="h-7 w-48" />
      </div>
      {['versions', 'sessions'].map((place) => (
        <div key={place} className="mt-10">
          <Skeleton className="mb-3 h-6 w-24" />
          <PanelSkeleton />
        </div>
      ))}
    </div>
  )
}
