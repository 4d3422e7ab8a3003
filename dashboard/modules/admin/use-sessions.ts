'use client'

import { useCallback, useEffect, useMemo, useState } from 'react'
import type { TopicHandlers } from '../../live/types.ts'
import { useClient } from '../client/client-provider.tsx'
import { useSocketStatus, useTopic } from '../live/live-provider.tsx'
import { EMPTY_BOARD, runningOf, withList, withTold } from './session-board.ts'

/** Without a live connection the list is asked for; with one, only now and then to be sure. */
const POLL_MS = 5_000
const SURE_MS = 60_000
/** Screens of sessions that anyone would look at. */
const LIMIT = 200

/** Everyone's sessions as they are and as they change. */
export function useSessions() {
  const { api } = useClient()
  const { state } = useSocketStatus()
  const [board, setBoard] = useState(EMPTY_BOARD)
  const [list, setList] = useState({ isLoaded: false, isMore: false })
  const [error, setError] = useState<unknown>(null)

  const reload = useCallback(async () => {
    try {
      const { items, nextCursor } = await api('adminSessions', { query: { limit: LIMIT } })
      setBoard((before) => withList(before, items))
      setList({ isLoaded: true, isMore: nextCursor !== null })
      setError(null)
    } catch (reason) {
      setError(reason)
    }
  }, [api])

  useEffect(() => {
    void reload()
  }, [reload])
  useEffect(() => {
    const timer = setInterval(
      () => {
        if (document.visibilityState === 'visible') void reload()
      },
      state === 'connected' ? SURE_MS : POLL_MS,
    )
    return () => clearInterval(timer)
  }, [reload, state])

  const handlers = useMemo<TopicHandlers>(
    () => ({
      onItems: (items) => {
        const told = items.flatMap((item) => (item.kind === 'admin-session' ? [item.session] : []))
        if (told.length > 0) setBoard((before) => withTold(before, told, Date.now()))
      },
      // What changed while nobody listened is in the list, not on the topic.
      onSubscribed: () => void reload(),
    }),
    [reload],
  )
  useTopic('admin', handlers)
  const running = useMemo(() => (list.isLoaded ? runningOf(board) : null), [board, list])
  return { running, isMore: list.isMore, changes: board.changes, error, reload }
}
