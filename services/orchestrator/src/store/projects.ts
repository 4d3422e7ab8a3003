import type { SupabaseClient } from '@supabase/supabase-js'
import { VesselError } from '@vessel/proto/errors'
import { projectId } from '@vessel/proto/ids'
import { z } from 'zod'
import type { ProjectPatch, WhichProject } from '../projects/ports.ts'
import type { NewProject, ProjectQuery, ProjectStore } from '../projects/store-port.ts'
import { rowsOf } from './client.ts'
import { auditRow, projectOverview, projectRow, versionRow } from './rows.ts'

/** Five heads and the recovery versions are kept; more than this nobody reads. */
const VERSIONS_MAX = 200

const idRow = z.object({ id: projectId })
const keyRow = z.object({ id: projectId, request_print: z.string() })
const nameRow = z.object({ name: z.string() })

/** Projects in the database. Every statement names the user: a foreign project is not there. */
export function createProjectStore(db: SupabaseClient): ProjectStore {
  const change = async (which: WhichProject, columns: Record<string, unknown>) => {
    // An update of nothing answers like one that found nothing.
    if (Object.keys(columns).length === 0) return true
    const query = db
      .from('projects')
      .update(columns)
      .match({ id: which.projectId, user_id: which.userId })
    const rows = await nameChecked(rowsOf(idRow, query.is('deleted_at', null).select('id')))
    return rows.length > 0
  }
  return {
    page: (query) => rowsOf(projectOverview, db.rpc('project_page', pageArgs(query))),
    async create(project) {
      try {
        await rowsOf(projectRow, db.rpc('project_create_asked', createArgs(project)))
        return 'created'
      } catch (thrown) {
        if (violates(thrown, 'projects_slug_key')) return 'slug-taken'
        throw violates(thrown, 'projects_name_of_user') ? nameTaken(thrown) : thrown
      }
    },
    async byKey(userId, key) {
      const query = db.from('projects').select('id, request_print')
      const same = query.match({ user_id: userId, request_key: key }).is('deleted_at', null)
      const [row] = await rowsOf(keyRow, same.limit(1))
      return row ? { id: row.id, print: row.request_print } : null
    },
    async hasName(userId, name) {
      // `ilike` finds too much where a name has its wildcards, never too little.
      const pattern = name.replace(/[\\%_]/g, '\\$&')
      const query = db.from('projects').select('name').eq('user_id', userId)
      const rows = await rowsOf(nameRow, query.is('deleted_at', null).ilike('name', pattern))
      return rows.some((row) => row.name.toLowerCase() === name.toLowerCase())
    },
    patch: (which, patch) => change(which, columnsOf(patch)),
    softDelete: (which, at) => change(which, { deleted_at: at.toISOString() }),
    async undelete({ userId, projectId: id }, since) {
      const query = db.from('projects').update({ deleted_at: null }).match({ id, user_id: userId })
      const young = query.gt('deleted_at', since.toISOString()).select('id')
      return (await nameChecked(rowsOf(idRow, young))).length > 0
    },
    versions: ({ userId, projectId: id }) =>
      rowsOf(
        versionRow,
        db
          .from('archives')
          .select('*')
          .match({ project_id: id, user_id: userId })
          .in('status', ['head', 'earlier', 'recovery'])
          .order('committed_at', { ascending: false })
          .limit(VERSIONS_MAX),
      ),
    activity: ({ userId, projectId: id }, { limit, before }) =>
      rowsOf(
        auditRow,
        db.rpc('audit_page', {
          p_user: userId,
          p_project: id,
          p_before: before ?? null,
          p_limit: limit,
        }),
      ),
    async restore({ userId, projectId: id }, version) {
      const args = { p_project: id, p_user: userId, p_archive: version }
      await rowsOf(projectRow, db.rpc('head_restore', args))
    },
  }
}

function pageArgs(query: ProjectQuery) {
  return {
    p_user: query.userId,
    p_project: query.projectId ?? null,
    p_is_deleted: query.isDeleted ?? false,
    p_search: query.search ?? null,
    p_before_at: query.before?.at ?? null,
    p_before_id: query.before?.id ?? null,
    p_limit: query.limit,
  }
}

function createArgs(project: NewProject) {
  const { id, userId, name, slug, origin, settings, path, files, git, request } = project
  return {
    p_id: id,
    p_user: userId,
    p_name: name,
    p_slug: slug,
    p_template: origin,
    p_settings: settings,
    p_path: path,
    p_sha256: files.sha256,
    p_bytes: files.bytes,
    p_entries: files.entries,
    p_unpacked_bytes: files.unpackedBytes,
    p_git: git,
    p_request_key: request?.key ?? null,
    p_request_print: request?.print ?? null,
  }
}

/** Only what the patch names. */
function columnsOf({ name, settings }: ProjectPatch): Record<string, unknown> {
  const columns = {
    name,
    cpu_count: settings.spec?.cpuCount,
    memory_mib: settings.spec?.memoryMib,
    disk_mib: settings.spec?.diskMib,
    idle_stop_ms: settings.idleStopMs,
    count_running_command: settings.countRunningCommand,
    ignore_patterns: settings.ignore,
    environment: settings.environment,
  }
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined))
}

async function nameChecked<T>(rows: Promise<T>): Promise<T> {
  try {
    return await rows
  } catch (thrown) {
    throw violates(thrown, 'projects_name_of_user') ? nameTaken(thrown) : thrown
  }
}

function nameTaken(cause: unknown): VesselError {
  return new VesselError('NAME_TAKEN', { cause })
}

/** Postgres names the index a row collided in, and only there. */
function violates(thrown: unknown, index: string): boolean {
  if (!(thrown instanceof VesselError) || thrown.code !== 'CONFLICT') return false
  const { cause } = thrown
  const hasMessage = typeof cause === 'object' && cause !== null && 'message' in cause
  return hasMessage && String(cause.message).includes(index)
}
