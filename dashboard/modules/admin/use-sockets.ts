'use client'

import type { CopySockets } from '@vessel/proto/browser/socket-view'
import { useMemo, useState } from 'react'
import { useNow } from '../../lib/use-now.ts'
import type { TopicHandlers } from '../../live/types.ts'
import { useTopic } from '../live/live-provider.tsx'

/** A copy that has not spoken for so long is gone. */
const SILENT_MS = 15_000
const TICK_MS = 5_000

interface Heard {
  readonly sockets: CopySockets
  readonly heardAtMs: number
}

/** What each copy of the orchestrator says of its browsers. */
export function useSockets(): readonly CopySockets[] {
  const now = useNow(TICK_MS)
  const [copies, setCopies] = useState<Readonly<Record<string, Heard>>>({})
  const handlers = useMemo<TopicHandlers>(
    () => ({
      onItems: (items) => {
        const heardAtMs = Date.now()
        const told = items.flatMap((item) => (item.kind === 'sockets' ? [item.sockets] : []))
        if (told.length === 0) return
        setCopies((before) => ({
          ...Object.fromEntries(
            Object.entries(before).filter(([, copy]) => heardAtMs - copy.heardAtMs < SILENT_MS),
          ),
          ...Object.fromEntries(told.map((sockets) => [sockets.copy, { sockets, heardAtMs }])),
        }))
      },
    }),
    [],
  )
  useTopic('admin', handlers)
  return useMemo(
    () =>
      Object.values(copies)
        .filter(({ heardAtMs }) => now - heardAtMs < SILENT_MS)
        .map(({ sockets }) => sockets)
        .sort((a, b) => a.copy.localeCompare(b.copy)),
    [copies, now],
  )
}
