import type { SupabaseClient } from '@supabase/supabase-js'
import { VesselError } from '@vessel/proto/errors'
import { isEnded } from '@vessel/proto/session-state'
import type { Announcer, Log } from '../ports.ts'
import { formatCursor, parseCursor } from '../sessions/cursor.ts'
import { type ArchiveObjects, createArchiveObjects } from '../store/archive-objects.ts'
import { createProjectStore } from '../store/projects.ts'
import type { ProjectOverview, Version } from '../store/rows.ts'
import { projectViewOf } from '../views/project-view.ts'
import type { ViewSettings } from '../views/session-view.ts'
import { addProject, type ProjectWish } from './add-project.ts'
import { checkSettings } from './check-settings.ts'
import { createDownloads } from './downloads.ts'
import { mustFind } from './must-find.ts'
import { NO_FILES } from './new-files.ts'
import type { ListProjects, Projects, WhichProject } from './ports.ts'
import { createZipReceiver } from './receive-zip.ts'
import { requestKey } from './request-key.ts'
import type { ProjectStore } from './store-port.ts'
import { createTemplates } from './templates.ts'

export interface ProjectsDeps {
  readonly db: SupabaseClient
  readonly announcer: Announcer
  /** One folder per template. */
  readonly templatesDir: string
  readonly undeleteWithinMs: number
  readonly settings: ViewSettings
  readonly log: Log
}

interface Parts extends ProjectsDeps {
  readonly store: ProjectStore
  readonly objects: ArchiveObjects
}

export function createProjects(deps: ProjectsDeps): Projects {
  const parts = {
    ...deps,
    store: createProjectStore(deps.db),
    objects: createArchiveObjects(deps.db),
  }
  const { store, announcer } = parts
  const receiveZip = createZipReceiver()
  const templates = createTemplates(deps.templatesDir)
  const view = async (which: WhichProject) =>
    projectViewOf(await mustFind(which, store), deps.settings)
  const changed = (which: WhichProject) => {
    announcer.project(which)
    return view(which)
  }
  const add = async (wish: ProjectWish) => {
    const projectId = await addProject(wish, parts)
    return changed({ userId: wish.userId, projectId })
  }

  return {
    list: (request) => listProjects(request, parts),
    get: view,
    async create({ template, key, ...wish }) {
      checkSettings(wish.settings)
      const { name, git, settings } = wish
      const request = requestKey(key, { name, template, git, settings })
      const files = git ? NO_FILES : await templates.files(template)
      return add({ ...wish, request, origin: git ? 'git' : template, files })
    },
    async import({ userId, name, key }, upload) {
      // Told before the upload is read, not after, unless it may be the same one again.
      if (key === null && (await store.hasName(userId, name))) throw new VesselError('NAME_TAKEN')
      const { signal } = upload
      const wish = { userId, name, origin: 'import', settings: {}, git: null, signal } as const
      return receiveZip(userId, upload, (files) =>
        add({ ...wish, files, request: requestKey(key, { name, sha256: files.sha256 }) }),
      )
    },
    async patch(which, patch) {
      checkSettings(patch.settings)
      if (!(await store.patch(which, patch))) throw new VesselError('PROJECT_NOT_FOUND')
      return changed(which)
    },
    delete: (which) => deleteProject(which, parts),
    async undelete(which) {
      const since = new Date(Date.now() - deps.undeleteWithinMs)
      if (!(await store.undelete(which, since))) throw new VesselError('PROJECT_NOT_FOUND')
      return changed(which)
    },
    async versions(which) {
      await mustFind(which, store)
      return (await store.versions(which)).map(versionOf)
    },
    async activity(which, page) {
      await mustFind(which, store)
      return store.activity(which, page)
    },
    async restore(which, version) {
      await store.restore(which, version)
      return changed(which)
    },
    ...createDownloads(parts),
  }
}

async function listProjects({ page, ...query }: ListProjects, { store, settings }: Parts) {
  const before = page.cursor === undefined ? {} : { before: parseCursor(page.cursor) }
  // One more than asked for tells whether there is a next page.
  const found = await store.page({ ...query, ...before, limit: page.limit + 1 })
  const items = found.slice(0, page.limit)
  const last = items.at(-1)?.project
  const hasMore = found.length > page.limit && last !== undefined
  return {
    items: items.map((overview) => projectViewOf(overview, settings)),
    nextCursor: hasMore ? formatCursor(last.updatedAt, last.id) : null,
  }
}

const isLive = ({ session }: ProjectOverview) => session !== null && !isEnded(session.state)

/**
 * A boot and a delete can pass each other: the boot saw the project, the delete saw no session.
 * A deleted project takes no new session, so looking again after the delete finds it for certain.
 */
async function deleteProject(which: WhichProject, parts: Parts): Promise<{ purgeAt: Date }> {
  const { store, announcer, undeleteWithinMs } = parts
  if (isLive(await mustFind(which, store))) throw new VesselError('SESSION_LIVE')
  const at = new Date()
  if (!(await store.softDelete(which, at))) throw new VesselError('PROJECT_NOT_FOUND')
  const [deleted] = await store.page({ ...which, isDeleted: true, limit: 1 })
  if (deleted && isLive(deleted)) {
    await store.undelete(which, new Date(at.getTime() - 1))
    throw new VesselError('SESSION_LIVE')
  }
  announcer.projectRemoved(which)
  return { purgeAt: new Date(at.getTime() + undeleteWithinMs) }
}

function versionOf(archive: Version) {
  return {
    id: archive.id,
    kind: archive.status,
    savedAt: archive.committedAt ?? archive.createdAt,
    bytes: archive.bytes,
    entries: archive.entries,
    format: archive.format,
    isCheckpoint: archive.isCheckpoint,
  }
}
