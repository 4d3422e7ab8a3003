'use client'

import type { ProjectView } from '@vessel/proto/http/project-view'
import { useCallback } from 'react'
import { formatAgo } from '../../lib/format-time.ts'
import { useLoad } from '../../lib/use-load.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { PanelProblem } from '../../ui/panel.tsx'
import { PanelSkeleton } from '../../ui/panel-frame.tsx'
import { useToast } from '../../ui/toast.tsx'
import { useAttempt } from '../../ui/use-attempt.ts'
import { useClient } from '../client/client-provider.tsx'
import { TemplateIcon } from './template-icon.tsx'

interface DeletedRowProps {
  project: ProjectView
  onBack: () => void
}

function DeletedRow({ project, onBack }: DeletedRowProps) {
  const { api, projects } = useClient()
  const toast = useToast()
  const { isBusy, attempt } = useAttempt({ endsButton: true })
  const bringBack = async (): Promise<void> => {
    projects.put(await api('undeleteProject', { params: { id: project.id } }))
    toast({ title: `${project.name} is back` })
    onBack()
  }
  return (
    <li className="flex items-center gap-3 py-2.5">
      <TemplateIcon origin={project.template} />
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">{project.name}</span>
        <span className="block text-muted text-sm">
          Deleted {formatAgo(project.deletedAt ?? project.updatedAt, Date.now())}
        </span>
      </span>
      <Button size="sm" isBusy={isBusy} onClick={() => void attempt(bringBack)}>
        Bring back<span className="sr-only"> {project.name}</span>
      </Button>
    </li>
  )
}

/** What was deleted and is still kept. */
export function DeletedDialog({ onClose }: { onClose: () => void }) {
  const { api } = useClient()
  const load = useCallback(
    (signal: AbortSignal) => api('listProjects', { query: { deleted: 'only' }, signal }),
    [api],
  )
  const { value, error, reload } = useLoad(load)
  return (
    <Dialog isOpen onOpenChange={onClose} title="Recently deleted">
      <div className="mt-4">
        {!value && (error ? <PanelProblem error={error} onRetry={reload} /> : <PanelSkeleton />)}
        {value?.items.length === 0 && <p className="text-muted">Nothing is kept here.</p>}
        <ul className="divide-y divide-line">
          {value?.items.map((project) => (
            <DeletedRow key={project.id} project={project} onBack={reload} />
          ))}
        </ul>
      </div>
    </Dialog>
  )
}
