'use client'

import type { SessionId } from '@vessel/proto/ids'
import { useCallback, useEffect, useState } from 'react'
import { useClient } from '../client/client-provider.tsx'

export interface Ticket {
  /** Works once: the frame's first address. Null until it is there. */
  readonly url: string | null
  readonly error: unknown
  /** Rises with every ticket, so that a new one makes a new frame. */
  readonly count: number
  readonly renew: () => void
}

/** Gets this browser into the workspace of a session. */
export function useTicket(session: SessionId): Ticket {
  const { api } = useClient()
  const [state, setState] = useState<Omit<Ticket, 'renew'>>({ url: null, error: null, count: 0 })
  const [asked, setAsked] = useState(0)
  const renew = useCallback(() => setAsked((times) => times + 1), [])

  useEffect(() => {
    const controller = new AbortController()
    setState((before) => ({ ...before, url: null, error: null }))
    api('ticket', { params: { id: session }, body: {}, signal: controller.signal }).then(
      ({ url }) => setState({ url, error: null, count: asked }),
      (error: unknown) => {
        if (!controller.signal.aborted) setState({ url: null, error, count: asked })
      },
    )
    return () => controller.abort()
  }, [api, session, asked])

  return { ...state, renew }
}
