import { Check, Minus, X } from 'lucide-react'
import { cn } from '../../lib/cn.ts'
import { formatDuration } from '../../lib/format-time.ts'
import { Spinner } from '../../ui/spinner.tsx'
import type { StepRow, StepState } from './boot-steps.ts'

const WORDS: Record<StepState, string> = {
  waiting: 'waiting',
  current: 'in progress',
  done: 'done',
  skipped: 'not needed',
  failed: 'failed',
}

const LOOKS: Record<StepState, string> = {
  waiting: 'text-faint',
  current: 'text-ink font-medium',
  done: 'text-muted',
  skipped: 'text-faint',
  failed: 'text-bad font-medium',
}

function StepMark({ state }: { state: StepState }) {
  if (state === 'current') return <Spinner className="text-good-dot" />
  if (state === 'done') return <Check size={14} className="text-good-dot" aria-hidden />
  if (state === 'failed') return <X size={14} className="text-bad-dot" aria-hidden />
  if (state === 'skipped') return <Minus size={14} aria-hidden />
  return <span aria-hidden className="size-1.5 rounded-full bg-line-strong" />
}

function elapsed(row: StepRow): string {
  if (row.elapsedMs === null) return ''
  // A ticking step shows tenths, or it would seem to hang.
  return row.state === 'current'
    ? `${(row.elapsedMs / 1_000).toFixed(1)} s`
    : formatDuration(row.elapsedMs)
}

/** The steps of a boot or a save with what each one took. */
export function StepList({ rows, label }: { rows: readonly StepRow[]; label: string }) {
  return (
    <ol aria-label={label} className="flex flex-col gap-0.5">
      {rows.map((row) => (
        <li
          key={row.step}
          data-step={row.step}
          data-state={row.state}
          aria-current={row.state === 'current' ? 'step' : undefined}
          className={cn('flex h-8 items-center gap-3 text-base', LOOKS[row.state])}
        >
          <span className="flex w-4 justify-center">
            <StepMark state={row.state} />
          </span>
          <span className="min-w-0 flex-1 truncate">{row.label}</span>
          <span className="sr-only">{WORDS[row.state]}</span>
          <span className="font-mono text-sm tabular-nums">{elapsed(row)}</span>
        </li>
      ))}
    </ol>
  )
}
