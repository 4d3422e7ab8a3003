'use client'

import type { ProjectView } from '@vessel/proto/http/project-view'
import type { SessionView } from '@vessel/proto/http/session-view'
import { END_REASONS } from '@vessel/proto/reasons'
import { ChevronDown } from 'lucide-react'
import { useCallback, useId, useState } from 'react'
import { formatDuration, formatMoment } from '../../lib/format-time.ts'
import { useLoad } from '../../lib/use-load.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { PanelEmpty, PanelProblem } from '../../ui/panel.tsx'
import { PanelSkeleton, panelClass } from '../../ui/panel-frame.tsx'
import { useClient } from '../client/client-provider.tsx'
import { badgeFor, failureSentence } from '../session/state-words.ts'
import { BootTiming } from './boot-timing.tsx'

/** The last few say how a project fares; the rest is for an archive. */
const SHOWN_MAX = 8

function timesOf(session: SessionView): string {
  const { createdAt, readyAt, endedAt } = session
  const parts: string[] = []
  if (readyAt) {
    parts.push(`ready in ${formatDuration(Date.parse(readyAt) - Date.parse(createdAt))}`)
    if (endedAt) parts.push(`ran ${formatDuration(Date.parse(endedAt) - Date.parse(readyAt))}`)
  }
  return parts.join(' · ')
}

function SessionRow({ session }: { session: SessionView }) {
  const [isOpen, setOpen] = useState(false)
  const timingId = useId()
  const badge = badgeFor(session)
  const why = session.endReason ? END_REASONS[session.endReason] : failureSentence(session.failure)
  const times = timesOf(session)
  return (
    <li className="px-4 py-2.5">
      <div className="flex min-h-9 flex-wrap items-center gap-x-4 gap-y-1">
        <div className="min-w-48 flex-1">
          <p className="font-medium">{formatMoment(session.createdAt)}</p>
          <p className="text-muted text-sm first-letter:uppercase">
            {[times, why].filter(Boolean).join('. ')}
          </p>
        </div>
        <Badge tone={badge.tone} isLive={badge.isLive}>
          {badge.label}
        </Badge>
        <Button
          size="sm"
          variant="ghost"
          className="max-sm:-ml-3"
          aria-expanded={isOpen}
          aria-controls={timingId}
          onClick={() => setOpen(!isOpen)}
        >
          Timing
          <ChevronDown size={14} aria-hidden className={isOpen ? 'rotate-180' : ''} />
        </Button>
      </div>
      <div id={timingId} className={isOpen ? 'pt-2 pb-1' : ''}>
        {isOpen && <BootTiming session={session} />}
      </div>
    </li>
  )
}

/** When it ran, how fast it was up, and why it ended. */
export function SessionHistory({ project }: { project: ProjectView }) {
  const { api } = useClient()
  const latest = `${project.session?.id}:${project.session?.state}`
  // biome-ignore lint/correctness/useExhaustiveDependencies: a session that moved is news
  const load = useCallback((signal: AbortSignal) => api('listSessions', { signal }), [api, latest])
  const { value, error, reload } = useLoad(load)
  if (!value) return error ? <PanelProblem error={error} onRetry={reload} /> : <PanelSkeleton />
  const own = value.items.filter((session) => session.projectId === project.id).slice(0, SHOWN_MAX)
  if (own.length === 0) return <PanelEmpty>It has not been opened yet.</PanelEmpty>
  return (
    <ul className={`${panelClass} divide-y divide-line`}>
      {own.map((session) => (
        <SessionRow key={session.id} session={session} />
      ))}
    </ul>
  )
}
