'use client'

import type { ProjectView } from '@vessel/proto/http/project-view'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { panelClass } from '../../ui/panel-frame.tsx'
import { TemplateIcon } from '../projects/template-icon.tsx'
import { useProjectActions } from '../projects/use-project-actions.ts'
import { useProjects, useProjectsSync } from '../projects/use-projects.ts'
import { actionsFor, badgeFor } from '../session/state-words.ts'

function Row({ project }: { project: ProjectView }) {
  const actions = useProjectActions()
  const badge = badgeFor(project.session)
  return (
    <li className="flex items-center gap-3 px-4 py-2.5">
      <TemplateIcon origin={project.template} size={32} />
      <span className="min-w-0 flex-1 truncate font-medium">{project.name}</span>
      {actionsFor(project.session).canSaveAndExit ? (
        <Button size="sm" onClick={() => void actions.stop(project)}>
          Save & exit<span className="sr-only"> {project.name}</span>
        </Button>
      ) : (
        <Badge tone={badge.tone} isLive={badge.isLive}>
          {badge.label}
        </Badge>
      )}
    </li>
  )
}

/** What takes the room that one more project needs: it can be saved and left right here. */
export function RunningProjects() {
  useProjectsSync()
  const { items } = useProjects()
  const running = items?.filter(({ session }) => !actionsFor(session).isAtRest) ?? []
  if (running.length === 0) return null
  return (
    <ul
      aria-label="Running projects"
      className={`${panelClass} mt-7 w-full divide-y divide-line text-left`}
    >
      {running.map((project) => (
        <Row key={project.id} project={project} />
      ))}
    </ul>
  )
}
