import type { SupabaseClient } from '@supabase/supabase-js'
import type { ProjectId, UserId } from '@vessel/proto/ids'
import { z } from 'zod'
import type { ProjectReader } from '../sessions/ports.ts'
import { rowsOf } from './client.ts'
import { type ProjectOverview, projectOverview, projectRow } from './rows.ts'

const secretRow = z.object({ git_token: z.string() })

export interface AllProjects extends ProjectReader {
  /** The newest of a user's projects, for a page that shows them all. */
  ofUser(userId: UserId, limit: number): Promise<readonly ProjectOverview[]>
}

export function createProjectReader(db: SupabaseClient): AllProjects {
  const page = (userId: UserId, projectId: ProjectId | null, limit: number) =>
    rowsOf(
      projectOverview,
      db.rpc('project_page', { p_user: userId, p_project: projectId, p_limit: limit }),
    )
  return {
    async overview(userId, projectId) {
      return (await page(userId, projectId, 1))[0] ?? null
    },
    async get(projectId) {
      const rows = await rowsOf(
        projectRow,
        db.from('projects').select('*').eq('id', projectId).limit(1),
      )
      return rows[0] ?? null
    },
    async gitToken(projectId) {
      const query = db.from('project_secrets').select('git_token').eq('project_id', projectId)
      const [row] = await rowsOf(secretRow, query.limit(1))
      return row?.git_token ?? null
    },
    ofUser: (userId, limit) => page(userId, null, limit),
  }
}
