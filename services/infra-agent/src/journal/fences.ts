import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { VesselError } from '@vessel/proto/errors'
import { epoch, type ProjectId, projectId } from '@vessel/proto/ids'
import { writeDurably } from '../host/files.ts'
import type { Paths } from '../paths.ts'

/** The highest epoch seen per project. It outlives the sessions, so it is kept apart from them. */
export interface Fences {
  highest(project: ProjectId): number
  /** Raises the fence, durably, or throws EPOCH_STALE when a newer run was seen. */
  admit(project: ProjectId, epochSeen: number): Promise<void>
}

export async function openFences(paths: Paths): Promise<Fences> {
  await mkdir(paths.fencesDir, { recursive: true, mode: 0o700 })
  const seen = new Map<ProjectId, number>()
  for (const name of await readdir(paths.fencesDir)) {
    const project = projectId.safeParse(name)
    if (!project.success) continue
    const value = epoch.safeParse(Number(await readFile(join(paths.fencesDir, name), 'utf8')))
    if (value.success) seen.set(project.data, value.data)
  }

  return {
    highest: (project) => seen.get(project) ?? 0,
    async admit(project, epochSeen) {
      const highest = seen.get(project) ?? 0
      if (epochSeen < highest) {
        throw new VesselError('EPOCH_STALE', {
          detail: `epoch ${epochSeen} is older than ${highest}`,
        })
      }
      if (epochSeen === highest) return
      // Memory first: a second command that arrives during the write already meets the new fence.
      seen.set(project, epochSeen)
      await writeDurably(paths.fence(project), String(epochSeen))
    },
  }
}
