'use client'

import type { ProjectView } from '@vessel/proto/http/project-view'
import { useEffect } from 'react'
import { isCode } from '../../lib/problem-words.ts'
import { useTitle } from '../../lib/use-title.ts'
import { useTabIcon } from '../../ui/use-tab-icon.ts'
import { BootScreen } from '../boot/boot-screen.tsx'
import { useRememberBoot } from '../boot/use-boot-rows.ts'
import { useClient } from '../client/client-provider.tsx'
import { useFeed } from '../live/use-feed.ts'
import { useProject } from '../projects/use-projects.ts'
import { editorView } from './editor-view.ts'
import { GoneScreen } from './gone-screen.tsx'
import { ProblemScreen } from './problem-screen.tsx'
import { RunningProjects } from './running-projects.tsx'
import { tabFace } from './tab-face.ts'
import { useEditor } from './use-editor.ts'
import { useProjectSync } from './use-project-sync.ts'
import { WaitingScreen } from './waiting-screen.tsx'
import { Workspace } from './workspace.tsx'

/** One address for the whole way: boot screen, editor, save, and what came after. */
export function EditorPage({ projectId }: { projectId: string }) {
  const { error, reload } = useProjectSync(projectId)
  const project = useProject(projectId)
  if (project) return <OpenProject project={project} />
  if (error !== null) return <ProblemScreen error={error} onRetry={reload} />
  return <WaitingScreen text="Loading" />
}

const isLimit = (error: unknown): boolean =>
  isCode(error, 'LIMIT_SESSIONS') || isCode(error, 'LIMIT_MEMORY')

function OpenProject({ project }: { project: ProjectView }) {
  const { session } = project
  const controls = useEditor(project.id, session)
  const feed = useFeed(session?.id ?? null)
  useRememberBoot(session, feed)
  const { projects } = useClient()
  const told = feed.session
  useEffect(() => {
    // The session's own topic may be ahead of the project's.
    if (told) projects.putSession(told)
  }, [projects, told])
  const face = tabFace(project)
  useTitle(face.title)
  useTabIcon(face.tone)

  const view = editorView(session, controls.isAsking)
  if (controls.refusal !== null) {
    return (
      <ProblemScreen error={controls.refusal} isBusy={controls.isAsking} onRetry={controls.open}>
        {isLimit(controls.refusal) && <RunningProjects />}
      </ProblemScreen>
    )
  }
  if (view === 'asking') return <WaitingScreen text="Asking for a machine" />
  if (view === 'boot' && session) {
    return (
      <BootScreen
        project={project}
        session={session}
        feed={feed}
        isBusy={controls.isLeaving || controls.isAsking}
        onCancel={() => controls.leave({ discard: false })}
        onRetry={controls.open}
      />
    )
  }
  if ((view === 'ide' || view === 'saving') && session) {
    return <Workspace project={project} session={session} feed={feed} controls={controls} />
  }
  // On the way out after a save of our own: the list is about to appear.
  if (controls.isLeaving) return <WaitingScreen text="Saved" />
  return (
    <GoneScreen
      project={project}
      session={session}
      isBusy={controls.isAsking}
      onOpen={controls.open}
    />
  )
}
