'use client'

import type { SessionView } from '@vessel/proto/http/session-view'
import { BOOT_STEP_ORDER } from '@vessel/proto/steps'
import { useMemo } from 'react'
import { cn } from '../../lib/cn.ts'
import { formatDuration } from '../../lib/format-time.ts'
import { useNow } from '../../lib/use-now.ts'
import { listSteps, type StepRow } from '../boot/boot-steps.ts'
import { useFeed } from '../live/use-feed.ts'

/** Long enough for the story of a session to come over the wire. */
const WAIT_MS = 4_000

function Bar({ row, longestMs }: { row: StepRow; longestMs: number }) {
  const tookMs = row.elapsedMs ?? 0
  return (
    <li className="flex items-center gap-3 text-sm">
      <span className="w-40 shrink-0 text-muted sm:w-56 sm:truncate">{row.label}</span>
      <span aria-hidden className="h-1.5 flex-1">
        <span
          className={cn(
            'block h-full min-w-0.5 rounded-full',
            row.state === 'failed' ? 'bg-bad-dot' : 'bg-good-dot',
          )}
          style={{ width: `${longestMs === 0 ? 0 : (tookMs / longestMs) * 100}%` }}
        />
      </span>
      <span className="w-16 text-right tabular-nums">{formatDuration(tookMs)}</span>
    </li>
  )
}

/** How long each step of one start took, from the story the server keeps of it. */
export function BootTiming({ session }: { session: SessionView }) {
  const feed = useFeed(session.id)
  const startedMs = useMemo(() => Date.now(), [])
  const now = useNow(feed.steps.length === 0 ? 1_000 : null)
  const rows = useMemo(() => {
    const seen = feed.steps.filter(({ step }) => BOOT_STEP_ORDER.includes(step as never))
    const nowMs = Date.parse(session.readyAt ?? session.endedAt ?? '') || Date.now()
    const listed = listSteps({ order: BOOT_STEP_ORDER, seen, session, nowMs })
    return listed.filter(({ elapsedMs }) => elapsedMs !== null)
  }, [feed.steps, session])

  if (feed.steps.length === 0) {
    const isGivenUp = now - startedMs > WAIT_MS
    return (
      <p role="status" className="text-muted text-sm">
        {isGivenUp ? 'The steps of this start are not kept any more.' : 'Reading the steps'}
      </p>
    )
  }
  const longestMs = Math.max(...rows.map(({ elapsedMs }) => elapsedMs ?? 0))
  return (
    <ol aria-label="Timing of the start" className="flex flex-col gap-1.5">
      {rows.map((row) => (
        <Bar key={row.step} row={row} longestMs={longestMs} />
      ))}
    </ol>
  )
}
