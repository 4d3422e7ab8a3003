'use client'

import type { SessionView } from '@vessel/proto/http/session-view'
import { isEnded } from '@vessel/proto/session-state'
import { BOOT_STEP_ORDER } from '@vessel/proto/steps'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useNow } from '../../lib/use-now.ts'
import type { FeedState } from '../../live/feed-reducer.ts'
import { addPastBoot, readPastBoots } from './boot-history.ts'
import { estimateProgress, type Progress, pastBootOf } from './boot-progress.ts'
import { listSteps, type StepRow } from './boot-steps.ts'

const TICK_MS = 100

/** The steps of a session's boot as they stand now, ticking, and how far it has come. */
export function useBootRows(
  session: SessionView,
  feed: FeedState,
): { rows: StepRow[]; progress: Progress } {
  const isOver = isEnded(session.state) || session.state === 'ready'
  const nowMs = useNow(isOver ? null : TICK_MS)
  const [past] = useState(() => readPastBoots(localStorage, session.projectId))
  const furthest = useRef({ session: session.id, fraction: 0 })

  const rows = useMemo(
    () => listSteps({ order: BOOT_STEP_ORDER, seen: feed.steps, session, nowMs }),
    [feed.steps, session, nowMs],
  )
  const estimate = estimateProgress(rows, past)
  if (furthest.current.session !== session.id)
    furthest.current = { session: session.id, fraction: 0 }
  // A bar that goes back tells nobody anything.
  const fraction = Math.max(furthest.current.fraction, estimate.fraction)
  furthest.current.fraction = fraction
  return { rows, progress: { ...estimate, fraction } }
}

/** Remembers how long each step took, once, when a boot that was watched is done. */
export function useRememberBoot(session: SessionView | null, feed: FeedState): void {
  const remembered = useRef<string | null>(null)
  useEffect(() => {
    if (session?.state !== 'ready' || remembered.current === session.id) return
    const isWhole = feed.steps.some(({ step, state }) => step === 'route' && state === 'done')
    if (!isWhole) return
    remembered.current = session.id
    const rows = listSteps({
      order: BOOT_STEP_ORDER,
      seen: feed.steps,
      session,
      nowMs: Date.now(),
    })
    addPastBoot(localStorage, session.projectId, pastBootOf(rows))
  }, [session, feed.steps])
}
