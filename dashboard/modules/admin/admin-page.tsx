'use client'

import type { HostView } from '@vessel/proto/http/admin'
import type { ReactNode } from 'react'
import { wordsFor } from '../../lib/problem-words.ts'
import { PanelEmpty, PanelProblem } from '../../ui/panel.tsx'
import { PanelSkeleton } from '../../ui/panel-frame.tsx'
import { useToast } from '../../ui/toast.tsx'
import { useClient } from '../client/client-provider.tsx'
import { ChangeFeed } from './change-feed.tsx'
import { HostTable } from './host-table.tsx'
import { NoHosts } from './no-hosts.tsx'
import { SessionTable } from './session-table.tsx'
import { SocketTable } from './socket-table.tsx'
import { StatTiles } from './stat-tiles.tsx'
import { useHosts } from './use-hosts.ts'
import { useSessionCounts } from './use-session-counts.ts'
import { useSessions } from './use-sessions.ts'
import { useSockets } from './use-sockets.ts'

function Hosts({ sockets }: { sockets: string }) {
  const { api } = useClient()
  const toast = useToast()
  const { hosts, error, reload } = useHosts()
  const counts = useSessionCounts()
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
  if (hosts.length === 0) return <NoHosts />
  return (
    <>
      <StatTiles hosts={hosts} counts={counts} sockets={sockets} />
      <HostTable hosts={hosts} onDrain={setDraining} />
    </>
  )
}

function Sessions({ running, isMore, error, reload }: ReturnType<typeof useSessions>) {
  if (!running)
    return error ? <PanelProblem error={error} onRetry={() => void reload()} /> : <PanelSkeleton />
  if (running.length === 0) return <PanelEmpty>No session is running.</PanelEmpty>
  return (
    <>
      <SessionTable sessions={running} />
      {isMore && <p className="mt-2 text-muted text-sm">There are more; these are the newest.</p>}
    </>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="mt-10 first-of-type:mt-0">
      <h2 className="mb-3 font-semibold text-lg">{title}</h2>
      {children}
    </section>
  )
}

/** For those who run the place. The API refuses everyone else, whatever is drawn here. */
export function AdminPage() {
  const sessions = useSessions()
  const copies = useSockets()
  const sockets = copies.reduce((sum, { total }) => sum + total, 0)
  return (
    <>
      <h1 className="mb-6 font-semibold text-2xl tracking-tight">Admin</h1>
      <Part title="Hosts">
        <Hosts sockets={copies.length > 0 ? sockets.toLocaleString('en') : '–'} />
      </Part>
      <Part title="Sessions">
        <Sessions {...sessions} />
      </Part>
      <Part title="Live events">
        <ChangeFeed changes={sessions.changes} />
      </Part>
      <Part title="Browsers">
        {sockets === 0 ? (
          <PanelEmpty>No orchestrator has told of its browsers yet.</PanelEmpty>
        ) : (
          <SocketTable copies={copies} />
        )}
      </Part>
    </>
  )
}
