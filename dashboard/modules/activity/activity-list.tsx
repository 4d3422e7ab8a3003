'use client'

import type { ActivityView } from '@vessel/proto/http/activity'
import type { ProjectView } from '@vessel/proto/http/project-view'
import { useCallback, useState } from 'react'
import { formatAgo, formatMoment } from '../../lib/format-time.ts'
import { useLoad } from '../../lib/use-load.ts'
import { useNow } from '../../lib/use-now.ts'
import { Button } from '../../ui/button.tsx'
import { PanelEmpty, PanelProblem } from '../../ui/panel.tsx'
import { PanelSkeleton, panelClass } from '../../ui/panel-frame.tsx'
import { useClient } from '../client/client-provider.tsx'
import { activityDetail, activityTitle, isTold } from './activity-words.ts'

const PAGE = 30
const LIMIT_MAX = 200
const AGO_EVERY_MS = 20_000

function Entry({ entry, nowMs }: { entry: ActivityView; nowMs: number }) {
  const detail = activityDetail(entry)
  return (
    <li className="flex min-h-11 flex-wrap items-center gap-x-4 px-4 py-2">
      <p className="min-w-0 flex-1">
        {activityTitle(entry)} {detail && <span className="text-muted text-sm">{detail}</span>}
      </p>
      <time dateTime={entry.at} title={formatMoment(entry.at)} className="text-muted text-sm">
        {formatAgo(entry.at, nowMs)}
      </time>
    </li>
  )
}

/** What happened to a project, newest first. */
export function ActivityList({ project }: { project: ProjectView }) {
  const { api } = useClient()
  const now = useNow(AGO_EVERY_MS)
  const [limit, setLimit] = useState(PAGE)
  const latest = `${project.revision}:${project.session?.state}`
  // biome-ignore lint/correctness/useExhaustiveDependencies: a project that changed is news
  const load = useCallback(
    (signal: AbortSignal) =>
      api('listActivity', { params: { id: project.id }, query: { limit }, signal }),
    [api, project.id, limit, latest],
  )
  const { value, error, reload } = useLoad(load)
  if (!value) return error ? <PanelProblem error={error} onRetry={reload} /> : <PanelSkeleton />
  const told = value.items.filter(isTold)
  if (told.length === 0) return <PanelEmpty>Nothing has happened yet.</PanelEmpty>
  return (
    <>
      <ul className={`${panelClass} divide-y divide-line`}>
        {told.map((entry) => (
          <Entry key={entry.id} entry={entry} nowMs={now} />
        ))}
      </ul>
      {value.nextBefore !== null && limit < LIMIT_MAX && (
        <Button
          size="sm"
          className="mt-3"
          onClick={() => setLimit(Math.min(LIMIT_MAX, limit + PAGE))}
        >
          Show older
        </Button>
      )}
    </>
  )
}
