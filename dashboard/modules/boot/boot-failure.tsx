'use client'

import type { SessionView } from '@vessel/proto/http/session-view'
import Link from 'next/link'
import { Button, buttonClass } from '../../ui/button.tsx'
import type { StepRow } from './boot-steps.ts'
import { failureWords } from './boot-words.ts'

interface BootFailureProps {
  session: SessionView
  rows: readonly StepRow[]
  isBusy: boolean
  onRetry: () => void
}

/** What went wrong, where, and the way on. The last lines are in the log beside it. */
export function BootFailure({ session, rows, isBusy, onRetry }: BootFailureProps) {
  const { where, reason, detail } = failureWords(session, rows)
  return (
    <div role="alert">
      <h2 className="font-semibold text-bad text-lg">It did not start</h2>
      {where && <p className="mt-1 text-ink">{where}</p>}
      <p className="mt-1 text-muted">{reason} Your files are as they were.</p>
      {detail && <p className="mt-3 break-words font-mono text-bad text-sm">{detail}</p>}
      <div className="mt-4 flex gap-2">
        <Button variant="primary" size="sm" isBusy={isBusy} onClick={onRetry}>
          Try again
        </Button>
        <Link href="/projects" className={buttonClass('secondary', 'sm')}>
          Back to projects
        </Link>
      </div>
    </div>
  )
}
