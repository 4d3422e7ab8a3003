'use client'

import type { SessionId } from '@vessel/proto/ids'
import { wordsFor } from '../../lib/problem-words.ts'
import { useToast } from '../../ui/toast.tsx'
import { useClient } from '../client/client-provider.tsx'

/**
 * Opens the workspace, or what listens on a port of it, in a tab of its own, by an address that
 * works once.
 */
export function useOwnTab(session: SessionId): (port?: number) => void {
  const { api } = useClient()
  const toast = useToast()
  return (port) => {
    // Opened within the click, or it would be taken for a pop-up; led on once there is an address.
    const tab = window.open('about:blank', '_blank')
    api('ticket', { params: { id: session }, body: port === undefined ? {} : { port } }).then(
      ({ url }) => {
        if (!tab) return location.assign(url)
        // What runs in the workspace must have no way back to this page.
        tab.opener = null
        tab.location.replace(url)
      },
      (error: unknown) => {
        tab?.close()
        const { title, hint } = wordsFor(error)
        toast({ title, hint, tone: 'bad' })
      },
    )
  }
}
