'use client'

import type { ProjectView } from '@vessel/proto/http/project-view'
import { ArrowLeft } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { type ReactNode, useEffect, useRef } from 'react'
import { cn } from '../../lib/cn.ts'
import { useTitle } from '../../lib/use-title.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { ActivityList } from '../activity/activity-list.tsx'
import { ProblemScreen } from '../editor/problem-screen.tsx'
import { useProjectSync } from '../editor/use-project-sync.ts'
import { actionsFor, badgeFor } from '../session/state-words.ts'
import { SessionHistory } from '../session-history/session-history.tsx'
import { SettingsForm } from '../settings/settings-form.tsx'
import { VersionList } from '../versions/version-list.tsx'
import { ProjectMenu } from './project-menu.tsx'
import { ProjectShape } from './project-shape.tsx'
import { TemplateIcon } from './template-icon.tsx'
import { ORIGIN_WORDS } from './template-words.ts'
import { useProjectActions } from './use-project-actions.ts'
import { useProject } from './use-projects.ts'

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="mt-10">
      <h2 className="mb-3 font-semibold text-lg">{title}</h2>
      {children}
    </section>
  )
}

function Heading({ project }: { project: ProjectView }) {
  const actions = useProjectActions()
  const badge = badgeFor(project.session)
  return (
    <>
      <Link
        href="/projects"
        className={cn(
          '-ml-1 inline-flex items-center gap-1.5 rounded-sm px-1 text-muted hover:text-ink',
          'max-sm:-my-2.5 max-sm:py-2.5',
        )}
      >
        <ArrowLeft size={14} aria-hidden />
        Projects
      </Link>
      <div className="mt-3 flex flex-wrap items-center gap-x-3 gap-y-4">
        <TemplateIcon origin={project.template} size={40} />
        <div className="min-w-0 flex-1">
          <h1 className="truncate font-semibold text-2xl tracking-tight">{project.name}</h1>
          <p className="text-muted text-sm">{ORIGIN_WORDS[project.template].label}</p>
        </div>
        <div className="flex items-center gap-3 max-sm:w-full">
          <Badge tone={badge.tone} isLive={badge.isLive}>
            {badge.label}
          </Badge>
          <Button
            variant="primary"
            className="max-sm:ml-auto"
            disabled={!actionsFor(project.session).isOpenable}
            onClick={() => actions.open(project)}
          >
            Open
          </Button>
          <ProjectMenu project={project} />
        </div>
      </div>
    </>
  )
}

/** A project deleted here leaves this page with nothing to show. */
function useLeaveWhenGone(project: ProjectView | undefined): void {
  const router = useRouter()
  const wasThere = useRef(false)
  useEffect(() => {
    if (project) wasThere.current = true
    else if (wasThere.current) router.push('/projects')
  }, [project, router])
}

export function ProjectPage({ projectId }: { projectId: string }) {
  const { error, reload } = useProjectSync(projectId)
  const project = useProject(projectId)
  useLeaveWhenGone(project)
  useTitle(project ? `${project.name} · Vessel` : null)
  if (!project) {
    return error === null ? (
      <ProjectShape />
    ) : (
      <ProblemScreen isInPage error={error} onRetry={reload} />
    )
  }
  return (
    <div className="mx-auto max-w-[820px]">
      <Heading project={project} />
      <Section title="Versions">
        <VersionList project={project} />
      </Section>
      <Section title="Sessions">
        <SessionHistory project={project} />
      </Section>
      <Section title="Activity">
        <ActivityList project={project} />
      </Section>
      <Section title="Settings">
        <SettingsForm key={project.id} project={project} />
      </Section>
    </div>
  )
}
