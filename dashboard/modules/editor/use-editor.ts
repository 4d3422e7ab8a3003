'use client'

import type { SessionView } from '@vessel/proto/http/session-view'
import { useRouter } from 'next/navigation'
import { useCallback, useEffect, useState } from 'react'
import { wordsFor } from '../../lib/problem-words.ts'
import { useToast } from '../../ui/toast.tsx'
import { useClient } from '../client/client-provider.tsx'

export interface EditorControls {
  /** The start was asked for; no answer yet. */
  readonly isAsking: boolean
  /** The end was asked for here. */
  readonly isLeaving: boolean
  /** And without a save. */
  readonly isDiscarding: boolean
  /** Why the start was refused. */
  readonly refusal: unknown
  readonly open: () => void
  readonly leave: (options: { discard: boolean }) => void
}

/** Asks for the start when a click led here. */
function useOpening(projectId: string) {
  const { api, projects, openings } = useClient()
  const [isAsking, setAsking] = useState(false)
  const [refusal, setRefusal] = useState<unknown>(null)

  const open = useCallback(() => {
    setAsking(true)
    setRefusal(null)
    api('boot', { body: { projectId: projectId as never } })
      .then((reply) => projects.putSession(reply.session), setRefusal)
      .finally(() => setAsking(false))
  }, [api, projects, projectId])

  useEffect(() => {
    // A click on Open led here; an address that was typed or reloaded starts nothing.
    if (openings.delete(projectId)) open()
  }, [openings, projectId, open])
  return { isAsking, refusal, open }
}

/** What the editor page can be told to do, and what it is doing about it. */
export function useEditor(projectId: string, session: SessionView | null): EditorControls {
  const { api, projects } = useClient()
  const router = useRouter()
  const toast = useToast()
  const [isLeaving, setLeaving] = useState(false)
  const [isDiscarding, setDiscarding] = useState(false)
  const opening = useOpening(projectId)

  const leave = useCallback(
    (options: { discard: boolean }) => {
      setDiscarding(options.discard)
      setLeaving(true)
      api('shutdown', { body: { projectId: projectId as never, ...options } }).then(
        (reply) => projects.putSession(reply.session),
        (error: unknown) => {
          const { title, hint } = wordsFor(error)
          setLeaving(false)
          toast({ title, hint, tone: 'bad' })
        },
      )
    },
    [api, projects, projectId, toast],
  )

  const state = session?.state
  const wasReady = session?.readyAt != null
  useEffect(() => {
    if (!isLeaving || state === undefined) return
    if (state === 'failed' || state === 'lost') setLeaving(false)
    if (state !== 'stopped') return
    if (wasReady) toast({ title: isDiscarding ? 'Changes discarded' : 'Saved' })
    router.push('/projects')
  }, [isLeaving, isDiscarding, state, wasReady, router, toast])

  return { ...opening, isLeaving, isDiscarding: isLeaving && isDiscarding, leave }
}
