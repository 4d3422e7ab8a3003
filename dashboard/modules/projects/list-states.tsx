'use client'

import { Boxes, CloudOff } from 'lucide-react'
import { cn } from '../../lib/cn.ts'
import { wordsFor } from '../../lib/problem-words.ts'
import { Button } from '../../ui/button.tsx'
import { Empty, Notice } from '../../ui/notice.tsx'
import type { Source } from './project-wish.ts'
import { SourceFace, SourceGrid } from './source-grid.tsx'

/** Nothing is there yet: a pick here is the first half of making a project. */
export function FirstProject({ onPick }: { onPick: (source: Source) => void }) {
  return (
    <Empty
      icon={<Boxes />}
      title="Your first project"
      hint="Pick what to start from. VS Code opens in this browser seconds later."
    >
      <div className="w-full max-w-[520px]">
        <SourceGrid>
          {(source) => (
            <button
              type="button"
              onClick={() => onPick(source)}
              className={cn(
                'flex items-center gap-2.5 rounded-md border border-line bg-surface p-3',
                'max-sm:gap-2 max-sm:p-2.5',
                'shadow-card transition-colors hover:border-line-strong hover:bg-hover',
              )}
            >
              <SourceFace source={source} />
            </button>
          )}
        </SourceGrid>
      </div>
    </Empty>
  )
}

interface ListProblemProps {
  error: unknown
  hasItems: boolean
  onRetry: () => void
}

/** A list that could not be loaded: above what is known already, or in its place. */
export function ListProblem({ error, hasItems, onRetry }: ListProblemProps) {
  const { title, hint } = wordsFor(error)
  if (!hasItems) {
    return (
      <Empty icon={<CloudOff />} title={title} hint={hint ?? 'Try again in a moment.'}>
        <Button onClick={onRetry}>Try again</Button>
      </Empty>
    )
  }
  return (
    <Notice tone="busy" isAlert className="mb-4 flex items-center justify-between gap-4">
      <span>{title} What you see may be out of date.</span>
      <button
        type="button"
        className="shrink-0 font-medium underline max-sm:min-h-10"
        onClick={onRetry}
      >
        Try again
      </button>
    </Notice>
  )
}
