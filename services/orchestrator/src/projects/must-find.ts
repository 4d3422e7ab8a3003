import { VesselError } from '@vessel/proto/errors'
import type { ProjectOverview } from '../store/rows.ts'
import type { WhichProject } from './ports.ts'
import type { ProjectStore } from './store-port.ts'

export async function mustFind(which: WhichProject, store: ProjectStore): Promise<ProjectOverview> {
  const [found] = await store.page({ ...which, limit: 1 })
  if (!found) throw new VesselError('PROJECT_NOT_FOUND')
  return found
}
