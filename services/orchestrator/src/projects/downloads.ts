import { VesselError } from '@vessel/proto/errors'
import type { ArchiveObjects } from '../store/archive-objects.ts'
import type { Version } from '../store/rows.ts'
import { mustFind } from './must-find.ts'
import type { Projects } from './ports.ts'
import { slugBase } from './slug.ts'
import type { ProjectStore } from './store-port.ts'

interface Parts {
  readonly store: ProjectStore
  readonly objects: ArchiveObjects
}

/** Links to what was saved, which a browser follows by itself. */
export function createDownloads({
  store,
  objects,
}: Parts): Pick<Projects, 'download' | 'downloadVersion'> {
  return {
    async download(which) {
      const { project } = await mustFind(which, store)
      if (!project.head) throw new VesselError('VERSION_NOT_FOUND')
      const { path, format } = project.head
      return objects.link(path, `${slugBase(project.name)}.${format}`)
    },
    async downloadVersion(which, id) {
      const { project } = await mustFind(which, store)
      const version = (await store.versions(which)).find((one) => one.id === id)
      if (!version) throw new VesselError('VERSION_NOT_FOUND')
      return objects.link(version.path, fileNameOf(project.name, version))
    },
  }
}

/** With the minute it was saved in, so that two versions do not become `name (1)` on a disk. */
function fileNameOf(name: string, { committedAt, createdAt, format }: Version): string {
  const minute = (committedAt ?? createdAt).slice(0, 16).replace(/[^\d]/g, '')
  return `${slugBase(name)}-${minute}.${format}`
}
