'use client'

import { formatTopic } from '@vessel/proto/browser/topics'
import { projectId as parseId } from '@vessel/proto/ids'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { NetworkError } from '../../lib/network-error.ts'
import type { TopicHandlers } from '../../live/types.ts'
import { useClient } from '../client/client-provider.tsx'
import { useSocket, useSocketStatus, useTopic } from '../live/live-provider.tsx'

/** How often the state is asked for while there is no live connection. */
const POLL_MS = 3_000

export interface ProjectSync {
  readonly error: unknown
  readonly reload: () => void
}

/** Keeps one project in the store true: by its topic, and by asking while that is cut. */
export function useProjectSync(id: string): ProjectSync {
  const { api, projects } = useClient()
  const { state } = useSocketStatus()
  const socket = useSocket()
  const [error, setError] = useState<unknown>(null)

  const reload = useCallback(() => {
    api('getProject', { params: { id } }).then((project) => {
      projects.put(project)
      setError(null)
    }, setError)
  }, [api, projects, id])

  useEffect(reload, [reload])

  useEffect(() => {
    if (!(error instanceof NetworkError)) return
    const timer = setTimeout(reload, POLL_MS)
    return () => clearTimeout(timer)
  }, [error, reload])

  useEffect(() => {
    if (state === 'connected') return
    const timer = setInterval(() => {
      api('status', { params: { projectId: id } }).then(
        ({ session }) => {
          if (session) projects.putSession(session)
          // A server that answers takes connections too: no need to wait out the back-off.
          socket?.retryNow()
        },
        // The light says that there is no connection; the next poll tries again.
        () => undefined,
      )
    }, POLL_MS)
    return () => clearInterval(timer)
  }, [state, socket, api, projects, id])

  const handlers = useMemo<TopicHandlers>(
    () => ({ onItems: (items) => projects.applyItems(items), onSubscribed: reload }),
    [projects, reload],
  )
  const parsed = parseId.safeParse(id)
  useTopic(parsed.success ? formatTopic({ kind: 'project', id: parsed.data }) : null, handlers)
  return { error, reload }
}
