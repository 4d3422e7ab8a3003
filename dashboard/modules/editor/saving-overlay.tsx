'use client'

import type { SessionView } from '@vessel/proto/http/session-view'
import { SAVE_STEP_ORDER, STEPS } from '@vessel/proto/steps'
import { useEffect, useRef } from 'react'
import { formatCountdown } from '../../lib/format-time.ts'
import { useNow } from '../../lib/use-now.ts'
import type { FeedState } from '../../live/feed-reducer.ts'
import { Notice } from '../../ui/notice.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { estimateProgress } from '../boot/boot-progress.ts'
import { listSteps } from '../boot/boot-steps.ts'
import { StepList } from '../boot/step-list.tsx'
import { failureSentence } from '../session/state-words.ts'

const TICK_MS = 100

interface SavingOverlayProps {
  session: SessionView
  feed: FeedState
  isDiscarding: boolean
}

/** Over everything while the files go home: nothing typed now would be kept. */
export function SavingOverlay({ session, feed, isDiscarding }: SavingOverlayProps) {
  const box = useRef<HTMLDivElement>(null)
  const nowMs = useNow(TICK_MS)
  const order = SAVE_STEP_ORDER
  const seen = feed.steps.filter(({ step }) => (order as readonly string[]).includes(step))
  const rows = listSteps({ order, seen, session, nowMs })
  const trouble = feed.events['save-failed']
  const isTrying = rows.some((row) => row.state === 'failed') && trouble !== undefined
  useEffect(() => box.current?.focus(), [])

  return (
    <div className="absolute inset-0 z-40 grid animate-fade place-items-center bg-scrim p-4">
      <div
        ref={box}
        role="dialog"
        aria-modal="true"
        aria-label="Saving"
        tabIndex={-1}
        className="w-full max-w-[400px] rounded-lg bg-raised p-6 shadow-pop outline-none"
      >
        <h2 className="font-semibold text-lg">
          {isDiscarding ? 'Ending the session' : 'Saving your files'}
        </h2>
        <p className="mt-1 mb-4 text-muted">
          {isDiscarding
            ? 'Your changes are thrown away.'
            : 'It goes on even if this page is closed.'}
        </p>
        <ProgressBar label="Progress of the save" fraction={estimateProgress(rows, []).fraction} />
        <div className="mt-4">
          <StepList rows={rows} label="Steps" />
        </div>
        {isTrying && (
          <Notice tone="busy" isAlert className="mt-4">
            {STEPS[trouble.stage].label} failed: {failureSentence(trouble)} Trying again in{' '}
            {formatCountdown(trouble.retryInMs)}; nothing is lost.
          </Notice>
        )}
      </div>
    </div>
  )
}
