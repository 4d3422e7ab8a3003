'use client'

import type { TopicItem } from '@vessel/proto/browser/topic-items'
import { formatTopic } from '@vessel/proto/browser/topics'
import type { ProjectView } from '@vessel/proto/http/project-view'
import { userId } from '@vessel/proto/ids'
import { useCallback, useEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import type { TopicHandlers } from '../../live/types.ts'
import type { Client } from '../client/client.ts'
import { useAuthState, useClient } from '../client/client-provider.tsx'
import { useSocket, useSocketStatus, useTopic } from '../live/live-provider.tsx'
import type { ProjectsState } from './project-store.ts'

/** How often the list is asked for while there is no live connection, or it could not be had. */
const POLL_MS = 5_000
/** More pages than anyone has: the loop ends even if a server's cursor does not. */
const PAGES_MAX = 50

export async function loadAll({ api, projects }: Client, signal: AbortSignal): Promise<void> {
  const mark = projects.beginLoad()
  const items: ProjectView[] = []
  let cursor: string | undefined
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const query = { limit: 200, ...(cursor === undefined ? {} : { cursor }) }
    const reply = await api('listProjects', { query, signal })
    items.push(...reply.items)
    if (reply.nextCursor === null) break
    cursor = reply.nextCursor
  }
  projects.endLoad(mark, items)
}

/** Changes that come in a rush are drawn once a frame, not once each. */
function useTakePerFrame({ projects }: Client): (items: readonly TopicItem[]) => void {
  const pending = useRef<TopicItem[]>([])
  const frame = useRef(0)
  return useCallback(
    (items) => {
      pending.current.push(...items)
      if (frame.current !== 0) return
      const flush = (): void => {
        frame.current = 0
        const taken = pending.current
        pending.current = []
        projects.applyItems(taken)
      }
      // A hidden page draws no frames, so there a timer takes their place.
      if (document.visibilityState === 'visible') frame.current = requestAnimationFrame(flush)
      else frame.current = window.setTimeout(flush, 100)
    },
    [projects],
  )
}

/** Keeps the store of projects true while a page is open. Used once per page. */
export function useProjectsSync(): { reload: () => void } {
  const client = useClient()
  const socket = useSocket()
  const { person } = useAuthState()
  const { state } = useSocketStatus()
  const { error } = useProjects()
  const isTrue = state === 'connected' && error === null
  const running = useRef<AbortController | null>(null)

  const load = useCallback(async (): Promise<boolean> => {
    running.current?.abort()
    const controller = new AbortController()
    running.current = controller
    try {
      await loadAll(client, controller.signal)
      return true
    } catch (error) {
      if (!controller.signal.aborted) client.projects.failLoad(error)
      return false
    }
  }, [client])
  const reload = useCallback(() => void load(), [load])

  useEffect(() => {
    reload()
    return () => running.current?.abort()
  }, [reload])

  useEffect(() => {
    if (isTrue) return
    const timer = setInterval(async () => {
      if (document.visibilityState !== 'visible') return
      // A server that answers takes connections too: no need to wait out the back-off.
      if (await load()) socket?.retryNow()
    }, POLL_MS)
    return () => clearInterval(timer)
  }, [isTrue, load, socket])

  const take = useTakePerFrame(client)
  const handlers = useMemo<TopicHandlers>(
    () => ({
      onItems: take,
      // What changed while nobody listened is in the list, not on the topic.
      onSubscribed: reload,
    }),
    [take, reload],
  )
  const own = userId.safeParse(person?.id)
  useTopic(own.success ? formatTopic({ kind: 'user', id: own.data }) : null, handlers)
  return { reload }
}

export function useProjects(): ProjectsState {
  const { projects } = useClient()
  return useSyncExternalStore(projects.onChange, projects.state, projects.state)
}

/** One project as this page knows it; undefined while it does not. */
export function useProject(id: string): ProjectView | undefined {
  const { projects } = useClient()
  const find = useCallback(() => projects.find(id), [projects, id])
  return useSyncExternalStore(projects.onChange, find, find)
}
