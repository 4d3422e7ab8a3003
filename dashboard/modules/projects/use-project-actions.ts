'use client'

import type { ProjectView } from '@vessel/proto/http/project-view'
import { useRouter } from 'next/navigation'
import { useMemo } from 'react'
import { wordsFor } from '../../lib/problem-words.ts'
import { useToast } from '../../ui/toast.tsx'
import { useClient } from '../client/client-provider.tsx'

/** How long a deletion can be taken back from the notice. The server keeps it far longer. */
const UNDO_MS = 10_000

export interface ProjectActionsOf {
  open(project: ProjectView): void
  stop(project: ProjectView, options?: { discard: boolean }): Promise<void>
  rename(project: ProjectView, name: string): Promise<void>
  remove(project: ProjectView): Promise<void>
  /** The files as they were saved last, or as a version. */
  download(project: ProjectView, version?: string): Promise<void>
}

/** What can be done to a project from wherever it is shown. What goes wrong becomes a notice. */
export function useProjectActions(): ProjectActionsOf {
  const { api, projects, openings } = useClient()
  const router = useRouter()
  const toast = useToast()

  return useMemo(() => {
    const report = (error: unknown): void => {
      const { title, hint } = wordsFor(error)
      toast({ title, hint, tone: 'bad' })
    }
    const bringBack = async (project: ProjectView): Promise<void> => {
      const found = await api('undeleteProject', { params: { id: project.id } })
      projects.put(found)
    }
    return {
      open(project) {
        openings.add(project.id)
        router.push(`/editor/${project.id}`)
      },
      async stop(project, options = { discard: false }) {
        const body = { projectId: project.id, ...options }
        await api('shutdown', { body }).then((reply) => projects.putSession(reply.session), report)
      },
      async rename(project, name) {
        projects.put(await api('patchProject', { params: { id: project.id }, body: { name } }))
      },
      async remove(project) {
        try {
          await api('deleteProject', { params: { id: project.id } })
        } catch (error) {
          return report(error)
        }
        projects.remove(project.id)
        toast({
          title: `Deleted ${project.name}`,
          durationMs: UNDO_MS,
          action: { label: 'Undo', run: () => void bringBack(project).catch(report) },
        })
      },
      async download({ id }, version) {
        try {
          const { url } = version
            ? await api('downloadVersion', { params: { id, version } })
            : await api('download', { params: { id } })
          location.assign(url)
        } catch (error) {
          report(error)
        }
      },
    }
  }, [api, projects, openings, router, toast])
}
