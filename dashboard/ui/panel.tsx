import type { ReactNode } from 'react'
import { wordsFor } from '../lib/problem-words.ts'
import { Button } from './button.tsx'
import { panelClass } from './panel-frame.tsx'

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
