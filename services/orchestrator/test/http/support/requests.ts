import { randomUUID } from 'node:crypto'
import type { RouteName } from '@vessel/proto/http/routes'
import type { CallOptions } from './call.ts'
import { HOST_ID } from './fake-sessions.ts'

export interface Ids {
  readonly project: string
  readonly session: string
  readonly version: string
  readonly login: string
  readonly token: string
}

export interface SampleRequest extends Pick<CallOptions, 'body' | 'headers'> {
  readonly line: string
}

const unique = () => `sample ${randomUUID().slice(0, 8)}`
const ZIP = { 'content-type': 'application/zip' }

/** A request for each route that its owner may make. A route that is missing does not compile. */
export const SAMPLES: Record<RouteName, (ids: Ids) => SampleRequest> = {
  listProjects: () => ({ line: 'GET /api/projects' }),
  createProject: () => ({ line: 'POST /api/projects', body: { name: unique() } }),
  getProject: ({ project }) => ({ line: `GET /api/projects/${project}` }),
  patchProject: ({ project }) => ({
    line: `PATCH /api/projects/${project}`,
    body: { name: unique() },
  }),
  deleteProject: ({ project }) => ({ line: `DELETE /api/projects/${project}` }),
  undeleteProject: ({ project }) => ({ line: `POST /api/projects/${project}/undelete` }),
  listVersions: ({ project }) => ({ line: `GET /api/projects/${project}/versions` }),
  listActivity: ({ project }) => ({ line: `GET /api/projects/${project}/activity` }),
  restoreVersion: ({ project, version }) => ({
    line: `POST /api/projects/${project}/versions/${version}/restore`,
  }),
  downloadVersion: ({ project, version }) => ({
    line: `GET /api/projects/${project}/versions/${version}/download`,
  }),
  download: ({ project }) => ({ line: `GET /api/projects/${project}/download` }),
  importProject: () => ({
    line: `POST /api/import?name=${encodeURIComponent(unique())}`,
    body: new Uint8Array([80, 75, 5, 6, ...Array<number>(18).fill(0)]),
    headers: ZIP,
  }),
  boot: ({ project }) => ({ line: 'POST /api/boot', body: { projectId: project } }),
  shutdown: ({ project }) => ({ line: 'POST /api/shutdown', body: { projectId: project } }),
  heartbeat: ({ project }) => ({ line: 'POST /api/heartbeat', body: { projectId: project } }),
  status: ({ project }) => ({ line: `GET /api/status/${project}` }),
  listSessions: () => ({ line: 'GET /api/sessions' }),
  ticket: ({ session }) => ({ line: `POST /api/sessions/${session}/ticket`, body: {} }),
  previewSave: ({ session }) => ({ line: `GET /api/sessions/${session}/preview` }),
  listLogins: () => ({ line: 'GET /api/account/logins' }),
  endLogin: ({ login }) => ({ line: `DELETE /api/account/logins/${login}` }),
  listApiTokens: () => ({ line: 'GET /api/account/tokens' }),
  createApiToken: () => ({ line: 'POST /api/account/tokens', body: { name: unique() } }),
  deleteApiToken: ({ token }) => ({ line: `DELETE /api/account/tokens/${token}` }),
  adminHosts: () => ({ line: 'GET /api/admin/hosts' }),
  adminSessions: () => ({ line: 'GET /api/admin/sessions' }),
  adminStats: () => ({ line: 'GET /api/admin/stats' }),
  drainHost: () => ({ line: `POST /api/admin/hosts/${HOST_ID}/drain` }),
  resumeHost: () => ({ line: `POST /api/admin/hosts/${HOST_ID}/resume` }),
}
