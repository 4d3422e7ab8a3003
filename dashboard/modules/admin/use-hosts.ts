'use client'

import type { HostView } from '@vessel/proto/http/admin'
import { useCallback, useMemo, useState } from 'react'
import { useLoad } from '../../lib/use-load.ts'
import type { TopicHandlers } from '../../live/types.ts'
import { useClient } from '../client/client-provider.tsx'
import { useTopic } from '../live/live-provider.tsx'

/** The hosts, and what their beats say since. Null: not loaded yet. */
export function useHosts() {
  const { api } = useClient()
  const load = useCallback((signal: AbortSignal) => api('adminHosts', { signal }), [api])
  const loaded = useLoad(load)
  const [told, setTold] = useState<Readonly<Record<string, HostView>>>({})
  const handlers = useMemo<TopicHandlers>(
    () => ({
      onItems: (items) => {
        const hosts = items.flatMap((item) => (item.kind === 'host' ? [item.host] : []))
        if (hosts.length === 0) return
        setTold((before) => ({
          ...before,
          ...Object.fromEntries(hosts.map((host) => [host.id, host])),
        }))
      },
    }),
    [],
  )
  useTopic('admin', handlers)
  const hosts = useMemo(() => {
    if (!loaded.value) return null
    const all = new Map(loaded.value.items.map((host) => [host.id as string, host]))
    for (const host of Object.values(told)) {
      const known = all.get(host.id)
      if (!known || host.lastBeatAt >= known.lastBeatAt) all.set(host.id, host)
    }
    return [...all.values()].sort((a, b) => a.id.localeCompare(b.id))
  }, [loaded.value, told])
  return { ...loaded, hosts }
}
