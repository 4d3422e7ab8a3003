'use client'

import { Boxes, CloudOff } from 'lucide-react'
import { wordsFor } from '../../lib/problem-words.ts'
import { Button } from '../../ui/button.tsx'
import { Empty, Notice } from '../../ui/notice.tsx'

export function FirstProject({ onCreate }: { onCreate: () => void }) {
  return (
    <Empty
      icon={<Boxes />}
      title="Your first project"
      hint="Pick a template, open it, and VS Code is in this browser seconds later."
    >
      <Button variant="primary" onClick={onCreate}>
        New project
      </Button>
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
