'use client'

import { formatTopic } from '@vessel/proto/browser/topics'
import type { SessionId } from '@vessel/proto/ids'
import { useCallback, useEffect, useState } from 'react'
import { connectWebSocket, systemClock } from '../../live/browser.ts'
import { fetchEarlier } from '../../live/earlier.ts'
import { EMPTY_FEED, type FeedState, feedReducer, ROWS_MAX } from '../../live/feed-reducer.ts'
import { useClient } from '../client/client-provider.tsx'
import type { RowsShown } from './log-chunks.tsx'

export interface Earlier {
  /** What to show: the feed, or a page of its past while the reader is there. */
  readonly shown: RowsShown
  readonly isInPast: boolean
  readonly isLoading: boolean
  readonly hasFailed: boolean
  readonly load: () => void
  /** Back to the newest lines; the past is forgotten, so that memory stays flat. */
  readonly leavePast: () => void
}

/** Twice what a page keeps by itself: those it had, and as many from before. */
const PAST_ROWS_MAX = ROWS_MAX * 2

/** Lines that fell away at the top, fetched again for a reader who goes up to them. */
export function useEarlier(session: SessionId, feed: FeedState): Earlier {
  const { config, auth } = useClient()
  const [past, setPast] = useState<RowsShown | null>(null)
  const [state, setState] = useState<'idle' | 'loading' | 'failed'>('idle')
  const shown = past ?? feed

  const leavePast = useCallback(() => {
    setPast(null)
    setState('idle')
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another session has another past
  useEffect(leavePast, [session])

  const load = async (): Promise<void> => {
    const first = shown.rows.find((row) => row.kind === 'line')
    if (first?.kind !== 'line' || state === 'loading') return
    setState('loading')
    try {
      const token = (await auth.getToken()) ?? ''
      const deps = { url: config.wsUrl, token, clock: systemClock, connect: connectWebSocket }
      const before = { bootId: first.line.bootId, seq: first.line.seq }
      const topic = formatTopic({ kind: 'session', id: session })
      const items = await fetchEarlier(deps, { topic, before })
      const { rows } = feedReducer(EMPTY_FEED, { type: 'items', items })
      setPast({
        rows: [...rows, ...shown.rows].slice(0, PAST_ROWS_MAX),
        rowsDropped: Math.max(0, shown.rowsDropped - rows.length),
      })
      setState('idle')
    } catch {
      // Said beside the button; the lines that are there stay.
      setState('failed')
    }
  }
  return {
    shown,
    isInPast: past !== null,
    isLoading: state === 'loading',
    hasFailed: state === 'failed',
    load: () => void load(),
    leavePast,
  }
}
