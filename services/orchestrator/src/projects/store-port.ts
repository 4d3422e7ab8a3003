import type { GitSource } from '@vessel/proto/git'
import type { ActivityView } from '@vessel/proto/http/activity'
import type { ProjectView } from '@vessel/proto/http/project-view'
import type { ProjectId, ProjectSlug, UserId } from '@vessel/proto/ids'
import type { ProjectOverview, Version } from '../store/rows.ts'
import type { NewFiles } from './new-files.ts'
import type { ActivityPage, ProjectPatch, SomeSettings, WhichProject } from './ports.ts'
import type { RequestKey } from './request-key.ts'

export interface ProjectQuery {
  readonly userId: UserId
  readonly projectId?: ProjectId
  readonly isDeleted?: boolean
  readonly search?: string | undefined
  /** Of a page: the last row of the one before. */
  readonly before?: { readonly at: string; readonly id: string }
  readonly limit: number
}

export interface NewProject {
  readonly id: ProjectId
  readonly userId: UserId
  readonly name: string
  readonly slug: ProjectSlug
  readonly origin: ProjectView['template']
  readonly settings: SomeSettings
  readonly path: string
  readonly files: NewFiles
  readonly git: GitSource | null
  readonly request: RequestKey | null
}

/** What projects need of the database. `false`: no such project of this user. */
export interface ProjectStore {
  page(query: ProjectQuery): Promise<readonly ProjectOverview[]>
  /** NAME_TAKEN when the user has one of this name. */
  create(project: NewProject): Promise<'created' | 'slug-taken'>
  /** The project that was created with this key, and what was asked for under it. */
  byKey(userId: UserId, key: string): Promise<{ id: ProjectId; print: string } | null>
  hasName(userId: UserId, name: string): Promise<boolean>
  patch(which: WhichProject, patch: ProjectPatch): Promise<boolean>
  softDelete(which: WhichProject, at: Date): Promise<boolean>
  /** Of those deleted after `since`. */
  undelete(which: WhichProject, since: Date): Promise<boolean>
  /** Newest first, without those that are not final. */
  versions(which: WhichProject): Promise<readonly Version[]>
  activity(which: WhichProject, page: ActivityPage): Promise<readonly ActivityView[]>
  /** PROJECT_NOT_FOUND, VERSION_NOT_FOUND, or SESSION_LIVE. */
  restore(which: WhichProject, version: string): Promise<void>
}
