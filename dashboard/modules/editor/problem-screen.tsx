'use client'

import Link from 'next/link'
import type { ReactNode } from 'react'
import { wordsFor } from '../../lib/problem-words.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { CentredScreen } from '../../ui/centred-screen.tsx'

interface ProblemScreenProps {
  error: unknown
  isBusy?: boolean
  /** Below the header of a page that has its own frame. */
  isInPage?: boolean
  onRetry: () => void
  /** Between what happened and the way on: what can be done about it here. */
  children?: ReactNode
}

/** The project cannot be shown or opened: what happened and what to do. */
export function ProblemScreen({
  error,
  isBusy = false,
  isInPage = false,
  onRetry,
  children,
}: ProblemScreenProps) {
  const { title, hint } = wordsFor(error)
  return (
    <CentredScreen isInPage={isInPage}>
      <div role="alert">
        <h1 className="font-semibold text-2xl tracking-tight">{title}</h1>
        {hint && <p className="mt-3 text-muted">{hint}</p>}
      </div>
      {children}
      <div className="mt-7 flex flex-wrap justify-center gap-2">
        <Button variant="primary" isBusy={isBusy} onClick={onRetry}>
          Try again
        </Button>
        <Link href="/projects" className={buttonClass('secondary')}>
          Back to projects
        </Link>
      </div>
    </CentredScreen>
  )
}
