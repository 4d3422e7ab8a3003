'use client'

import type { TopicItem } from '@vessel/proto/browser/topic-items'
import type { HostView } from '@vessel/proto/http/admin'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { wordsFor } from '../../lib/problem-words.ts'
import { useLoad } from '../../lib/use-load.ts'
import type { TopicHandlers } from '../../live/types.ts'
import { PanelEmpty, PanelProblem } from '../../ui/panel.tsx'
import { PanelSkeleton } from '../../ui//panel-frame.tsx'
import { useToast } from '../../ui/toast.tsx'
import { useClient } from '../client/client-provider.tsx'
import { useTopic } from '../live/live-provider.tsx'
import { HostTable } from './host-table.tsx'
import { SessionTable } from './session-table.tsx'
import { StatTiles } from './stat-tiles.tsx'

/** Sessions have no topic of their own yet: the table is asked for now and then. */
const REFRESH_MS = 10_000

const hostsIn = (items: readonly TopicItem[]): HostView[] =>
  items.flatMap((item) => (item.kind === 'host' ? [item.host] : []))

function useHosts() {
  const { api } = useClient()
  const load = useCallback((signal: AbortSignal) => api('adminHosts', { signal }), [api])
  const loaded = useLoad(load)
  const [told, setTold] = useState<Readonly<Record<string, HostView>>>({})
  const handlers = useMemo<TopicHandlers>(
    () => ({
      onItems: (items) =>
        setTold((before) => ({
          ...before,
          ...Object.fromEntries(hostsIn(items).map((host) => [host.id, host])),
        })),
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

function Hosts() {
  const { api } = useClient()
  const toast = useToast()
  const { hosts, error, reload } = useHosts()
  const setDraining = (host: HostView, isDraining: boolean): void => {
    api(isDraining ? 'drainHost' : 'resumeHost', { params: { id: host.id } }).then(
      reload,
      (reason: unknown) => {
        const { title, hint } = wordsFor(reason)
        toast({ title, hint, tone: 'bad' })
      },
    )
  }
  if (!hosts) return error ? <PanelProblem error={error} onRetry={reload} /> : <PanelSkeleton />
  if (hosts.length === 0)
    return <PanelEmpty>No host is connected. Start an infra-agent.</PanelEmpty>
  return (
    <>
      <StatTiles hosts={hosts} />
      <HostTable hosts={hosts} onDrain={setDraining} />
    </>
  )
}

function Sessions() {
  const { api } = useClient()
  const load = useCallback((signal: AbortSignal) => api('adminSessions', { signal }), [api])
  const { value, error, reload } = useLoad(load)
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') reload()
    }, REFRESH_MS)
    return () => clearInterval(timer)
  }, [reload])
  if (!value) return error ? <PanelProblem error={error} onRetry={reload} /> : <PanelSkeleton />
  if (value.items.length === 0) return <PanelEmpty>No session is running.</PanelEmpty>
  return <SessionTable sessions={value.items} />
}

/** For those who run the place. The API refuses everyone else, whatever is drawn here. */
export function AdminPage() {
  return (
    <>
      <h1 className="mb-6 font-semibold text-2xl tracking-tight">Admin</h1>
      <section aria-label="Hosts">
        <h2 className="mb-3 font-semibold text-lg">Hosts</h2>
        <Hosts />
      </section>
      <section aria-label="Sessions" className="mt-10">
        <h2 className="mb-3 font-semibold text-lg">Sessions</h2>
        <Sessions />
      </section>
    </>
  )
}
