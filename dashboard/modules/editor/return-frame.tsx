'use client'

import { ENTERED_PATH } from '@vessel/proto/headers'
import type { SessionId } from '@vessel/proto/ids'
import { useEffect, useState } from 'react'
import { useClient } from '../client/client-provider.tsx'

/**
 * A login that has ended takes the workspace with it. When the person has logged in again, this
 * lets the new login in beside the frame that is there: VS Code connects again by itself, and what
 * was typed in it stays.
 */
export function ReturnFrame({ session }: { session: SessionId }) {
  const { api, auth } = useClient()
  const [url, setUrl] = useState<string | null>(null)

  useEffect(() => {
    const controller = new AbortController()
    let { status } = auth.state()
    const stop = auth.onChange(() => {
      const before = status
      status = auth.state().status
      if (before !== 'expired' || status !== 'in') return
      api('ticket', { params: { id: session }, body: {}, signal: controller.signal }).then(
        (ticket) => {
          const entry = new URL(ticket.url)
          entry.searchParams.set('path', ENTERED_PATH)
          setUrl(entry.href)
        },
        // The bar can load VS Code anew, and says why when that does not work either.
        () => setUrl(null),
      )
    })
    return () => {
      stop()
      controller.abort()
    }
  }, [api, auth, session])

  if (url === null) return null
  return (
    <iframe
      key={url}
      title="Returning to VS Code"
      src={url}
      hidden
      referrerPolicy="no-referrer"
      onLoad={() => setUrl(null)}
    />
  )
}
