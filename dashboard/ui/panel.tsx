import type { ReactNode } from 'react'
import { wordsFor } from '../lib/problem-words.ts'
import { Button } from './button.tsx'
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

export function PanelProblem({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { title, hint } = wordsFor(error)
  return (
    <div role="alert" className={`${panelClass} flex items-center justify-between gap-4 p-4`}>
      <p>
        {title} {hint && <span className="text-muted">{hint}</span>}
      </p>
      <Button size="sm" onClick={onRetry}>
        Try again
      </Button>
    </div>
  )
}

export function PanelEmpty({ children }: { children: ReactNode }) {
  return <p className={`${panelClass} p-4 text-muted`}>{children}</p>
}
