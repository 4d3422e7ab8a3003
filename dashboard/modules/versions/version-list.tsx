'use client'

import type { ProjectView } from '@vessel/proto/http/project-view'
import type { VersionView } from '@vessel/proto/http/projects'
import { useCallback, useState } from 'react'
import { formatBytes, formatFiles } from '../../lib/format-bytes.ts'
import { formatAgo, formatMoment } from '../../lib/format-time.ts'
import { wordsFor } from '../../lib/problem-words.ts'
import { useLoad } from '../../lib/use-load.ts'
import { useNow } from '../../lib/use-now.ts'
import { Badge, type BadgeTone } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { PanelEmpty, PanelProblem } from '../../ui/panel.tsx'
import { PanelSkeleton, panelClass } from '../../ui/panel-frame.tsx'
import { useToast } from '../../ui/toast.tsx'
import { useClient } from '../client/client-provider.tsx'
import { useProjectActions } from '../projects/use-project-actions.ts'
import { actionsFor } from '../session/state-words.ts'
import { RestoreDialog } from './restore-dialog.tsx'

/** An earlier one needs no badge: its time says so. */
const BADGES: Record<VersionView['kind'], { label: string; tone: BadgeTone } | null> = {
  head: { label: 'Current', tone: 'good' },
  earlier: null,
  recovery: { label: 'Recovered', tone: 'busy' },
  pending: { label: 'Being saved', tone: 'move' },
}

const AGO_EVERY_MS = 20_000

interface VersionRowProps {
  version: VersionView
  nowMs: number
  canRestore: boolean
  onRestore: () => void
  onDownload: () => void
}

function VersionRow({ version, nowMs, canRestore, onRestore, onDownload }: VersionRowProps) {
  const badge = BADGES[version.kind]
  const isHead = version.kind === 'head'
  const isPending = version.kind === 'pending'
  return (
    <li className="flex min-h-14 flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5">
      <div className="min-w-40 flex-1">
        <div className="flex items-center gap-2">
          <p className="font-medium first-letter:uppercase">
            <time dateTime={version.savedAt} title={formatMoment(version.savedAt)}>
              {formatAgo(version.savedAt, nowMs)}
            </time>
          </p>
          {badge && <Badge tone={badge.tone}>{badge.label}</Badge>}
        </div>
        <p className="text-muted text-sm sm:truncate">
          {formatBytes(version.bytes)} · {formatFiles(version.entries)}
          {version.isCheckpoint && ' · saved while you worked'}
        </p>
      </div>
      <div className="flex gap-2">
        {!isHead && (
          <Button size="sm" disabled={!canRestore || isPending} onClick={onRestore}>
            Restore
          </Button>
        )}
        <Button size="sm" disabled={isPending} onClick={onDownload}>
          Download
        </Button>
      </div>
    </li>
  )
}

/** Every state of the files that can be had back. */
export function VersionList({ project }: { project: ProjectView }) {
  const { api, projects } = useClient()
  const actions = useProjectActions()
  const toast = useToast()
  const nowMs = useNow(AGO_EVERY_MS)
  const [restoring, setRestoring] = useState<VersionView | null>(null)
  const savedAt = project.head?.savedAt
  // A new save is a new version, so the list is asked for anew.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const load = useCallback(
    (signal: AbortSignal) => api('listVersions', { params: { id: project.id }, signal }),
    [api, project.id, savedAt],
  )
  const { value, error, reload } = useLoad(load)
  const canRestore = actionsFor(project.session).isAtRest

  const restore = async (version: VersionView): Promise<void> => {
    setRestoring(null)
    try {
      const params = { id: project.id, version: version.id }
      projects.put(await api('restoreVersion', { params }))
      toast({ title: 'Restored', hint: 'The version before it is kept in the list.' })
      reload()
    } catch (reason) {
      const { title, hint } = wordsFor(reason)
      toast({ title, hint, tone: 'bad' })
    }
  }

  if (!value) return error ? <PanelProblem error={error} onRetry={reload} /> : <PanelSkeleton />
  if (value.items.length === 0) return <PanelEmpty>Nothing has been saved yet.</PanelEmpty>
  return (
    <>
      {!canRestore && (
        <p className="mb-3 text-muted text-sm">Save & exit first to restore an earlier version.</p>
      )}
      <ul className={`${panelClass} divide-y divide-line`}>
        {value.items.map((version) => (
          <VersionRow
            key={version.id}
            version={version}
            nowMs={nowMs}
            canRestore={canRestore}
            onRestore={() => setRestoring(version)}
            onDownload={() => void actions.download(project, version.id)}
          />
        ))}
      </ul>
      {restoring && (
        <RestoreDialog
          version={restoring}
          onClose={() => setRestoring(null)}
          onRestore={() => void restore(restoring)}
        />
      )}
    </>
  )
}
