'use client'

import type { ProjectView } from '@vessel/proto/http/project-view'
import Link from 'next/link'
import { memo, useEffect, useRef } from 'react'
import { formatBytes } from '../../lib/format-bytes.ts'
import { formatAgo } from '../../lib/format-time.ts'
import { useNow } from '../../lib/use-now.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { actionsFor, badgeFor, failureSentence } from '../session/state-words.ts'
import { cardClass } from './grid-skeleton.tsx'
import { ProjectMenu } from './project-menu.tsx'
import { TemplateIcon } from './template-icon.tsx'
import { ORIGIN_WORDS } from './template-words.ts'
import { useProjectActions } from './use-project-actions.ts'

const AGO_EVERY_MS = 20_000

function SavedAgo({ project }: { project: ProjectView }) {
  const now = useNow(AGO_EVERY_MS)
  const isNew = project.session === null
  const at = isNew ? project.createdAt : (project.head?.savedAt ?? null)
  if (at === null) return <>Nothing saved yet</>
  return (
    <time dateTime={at}>
      {isNew ? 'Created' : 'Saved'} {formatAgo(at, now)}
    </time>
  )
}

function CardNote({ project }: { project: ProjectView }) {
  const failure = failureSentence(project.session?.failure ?? null)
  if (failure && project.session?.state === 'failed') {
    return <p className="mt-3 truncate text-bad text-sm">{failure}</p>
  }
  return (
    <p className="mt-3 truncate text-muted text-sm">
      <SavedAgo project={project} />
    </p>
  )
}

interface ProjectCardProps {
  project: ProjectView
  /** It was made here a moment ago: what is next is to open it. */
  isNew: boolean
}

/** One project: what it is, how it stands, and the way in. */
export const ProjectCard = memo(function ProjectCard({ project, isNew }: ProjectCardProps) {
  const actions = useProjectActions()
  const opener = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (isNew) opener.current?.focus()
  }, [isNew])
  const badge = badgeFor(project.session)
  const can = actionsFor(project.session)
  const size = project.head ? ` · ${formatBytes(project.head.bytes)}` : ''
  return (
    <article
      aria-label={project.name}
      data-project-id={project.id}
      data-state={project.session?.state ?? 'new'}
      className={`${cardClass} shadow-card transition-colors duration-150 hover:border-line-strong`}
    >
      <div className="flex items-center gap-3">
        <TemplateIcon origin={project.template} />
        <div className="min-w-0 flex-1">
          <h2 className="-mt-0.5 font-semibold text-base">
            <Link
              href={`/projects/${project.id}`}
              className="block truncate rounded-sm py-0.5 underline-offset-4 hover:underline"
            >
              {project.name}
            </Link>
          </h2>
          <p className="truncate text-muted text-sm">
            {ORIGIN_WORDS[project.template].label}
            {size}
          </p>
        </div>
        <ProjectMenu project={project} />
      </div>
      <CardNote project={project} />
      <div className="mt-auto flex items-center justify-between gap-3">
        <Badge tone={badge.tone} isLive={badge.isLive}>
          {badge.label}
        </Badge>
        <Button
          ref={opener}
          size="sm"
          variant={project.session?.state === 'ready' ? 'primary' : 'secondary'}
          disabled={!can.isOpenable}
          onClick={() => actions.open(project)}
        >
          Open
        </Button>
      </div>
    </article>
  )
})
