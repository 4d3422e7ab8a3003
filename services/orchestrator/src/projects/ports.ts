import type { GitSource } from '@vessel/proto/git'
import type { ActivityView } from '@vessel/proto/http/activity'
import type { ProjectSettings, ProjectView, Template } from '@vessel/proto/http/project-view'
import type { VersionView } from '@vessel/proto/http/projects'
import type { ProjectId, UserId } from '@vessel/proto/ids'
import type { Page, PageRequest } from '../ports.ts'

export interface WhichProject {
  readonly userId: UserId
  readonly projectId: ProjectId
}
export interface ListProjects {
  readonly userId: UserId
  readonly search: string | undefined
  readonly isDeleted: boolean
  readonly page: PageRequest
}
/** A field that is not named stays as it is. */
export type SomeSettings = {
  readonly [K in keyof ProjectSettings]?: ProjectSettings[K] | undefined
}
export interface CreateProject {
  readonly userId: UserId
  readonly name: string
  readonly template: Template
  readonly settings: SomeSettings
  readonly git: GitSource | null
  /** The caller's Idempotency-Key. */
  readonly key: string | null
}
export interface ProjectPatch {
  readonly name: string | undefined
  readonly settings: SomeSettings
}
export interface ImportProject {
  readonly userId: UserId
  readonly name: string
  readonly key: string | null
}
export interface ActivityPage {
  readonly limit: number
  /** Entries older than this one. */
  readonly before: number | undefined
}
export interface DownloadLink {
  readonly url: string
  readonly expiresInMs: number
}
export interface Upload {
  readonly bytes: AsyncIterable<Uint8Array>
  readonly bytesMax: number
  readonly signal: AbortSignal
}

/** What people may do with projects. A project that is not the caller's is PROJECT_NOT_FOUND. */
export interface Projects {
  list(request: ListProjects): Promise<Page<ProjectView>>
  get(which: WhichProject): Promise<ProjectView>
  /**
   * With its first files, or not at all. NAME_TAKEN when the user has one of this name; KEY_REUSED
   * when the key came with another wish before.
   */
  create(request: CreateProject): Promise<ProjectView>
  /** From a zip, which is checked whole before it becomes a project. */
  import(request: ImportProject, upload: Upload): Promise<ProjectView>
  patch(which: WhichProject, patch: ProjectPatch): Promise<ProjectView>
  /** SESSION_LIVE while it runs. It can be brought back until `purgeAt`. */
  delete(which: WhichProject): Promise<{ purgeAt: Date }>
  undelete(which: WhichProject): Promise<ProjectView>
  versions(which: WhichProject): Promise<readonly VersionView[]>
  /** Newest first; of a deleted project too, while it can be brought back. */
  activity(which: WhichProject, page: ActivityPage): Promise<readonly ActivityView[]>
  restore(which: WhichProject, version: string): Promise<ProjectView>
  /** VERSION_NOT_FOUND when nothing was ever saved. */
  download(which: WhichProject): Promise<DownloadLink>
  /** VERSION_NOT_FOUND when it is not among `versions`. */
  downloadVersion(which: WhichProject, version: string): Promise<DownloadLink>
}
