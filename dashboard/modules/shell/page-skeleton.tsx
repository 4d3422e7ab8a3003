'use client'

import { usePathname } from 'next/navigation'
import { PanelSkeleton } from '../../ui/panel-frame.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { GridSkeleton } from '../projects/grid-skeleton.tsx'
import { ProjectShape } from '../projects/project-shape.tsx'

function ListSkeleton({ isNarrow }: { isNarrow: boolean }) {
  return (
    <div className={isNarrow ? 'mx-auto max-w-[820px]' : ''}>
      <div className="mb-6 flex h-9 items-center">
        <Skeleton className="h-6 w-32" />
      </div>
      <Skeleton className="mb-4 h-5 w-24" />
      <PanelSkeleton />
    </div>
  )
}

/** What a page looks like before it is known who is there: in the shape of what will come. */
export function PageSkeleton() {
  const path = usePathname()
  if (path.startsWith('/projects/')) return <ProjectShape />
  return (
    <div aria-busy="true">
      <h1 className="sr-only">Loading</h1>
      {path === '/projects' ? (
        <>
          <div className="mb-6 flex h-9 items-center">
            <Skeleton className="h-6 w-32" />
          </div>
          <GridSkeleton />
        </>
      ) : (
        <ListSkeleton isNarrow={!path.startsWith('/admin')} />
      )}
    </div>
  )
}
