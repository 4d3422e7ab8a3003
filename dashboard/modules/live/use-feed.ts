'use client'

import { formatTopic } from '@vessel/proto/browser/topics'
import type { SessionId } from '@vessel/proto/ids'
import { useEffect, useMemo, useReducer, useRef } from 'react'
import {
  EMPTY_FEED,
  type FeedAction,
  type FeedState,
  feedReducer,
} from '../../live/feed-reducer.ts'
import type { TopicHandlers } from '../../live/types.ts'
import { useTopic } from './live-provider.tsx'

function reduceAll(state: FeedState, actions: readonly FeedAction[]): FeedState {
  return actions.reduce(feedReducer, state)
}

/** The feed of a session, ready to draw: at most one drawing a frame however fast lines come. */
export function useFeed(session: SessionId | null): FeedState {
  const [feed, dispatch] = useReducer(reduceAll, EMPTY_FEED)
  const pending = useRef<FeedAction[]>([])
  const frame = useRef(0)

  const handlers = useMemo<TopicHandlers>(() => {
    const flush = (): void => {
      frame.current = 0
      const actions = pending.current
      pending.current = []
      dispatch(actions)
    }
    const add = (action: FeedAction): void => {
      pending.current.push(action)
      // A hidden page draws no frames, so there a timer takes their place.
      if (frame.current !== 0) return
      if (document.visibilityState === 'visible') frame.current = requestAnimationFrame(flush)
      else frame.current = window.setTimeout(flush, 100)
    }
    return {
      onItems: (items) => add({ type: 'items', items }),
      onGap: (gap) => add({ type: 'gap', gap }),
      onReset: () => add({ type: 'reset' }),
    }
  }, [])

  useEffect(() => {
    if (session === null) return
    return () => {
      // The next session's story begins with an empty page.
      pending.current = []
      dispatch([{ type: 'reset' }])
    }
  }, [session])

  useTopic(session && formatTopic({ kind: 'session', id: session }), handlers)
  return feed
}
