import type { z } from 'zod'
import { savePreview } from '../guest/api.ts'

import {
  createApiTokenBody,
  createApiTokenReply,
  deleteApiTokenReply,
  endLoginReply,
  listApiTokensReply,
  listLoginsReply,
} from './account.ts'
import { listActivityQuery, listActivityReply } from './activity.ts'
import { adminSessionsReply, adminStatsReply, drainReply, listHostsReply } from './admin.ts'
import { pageQuery } from './page.ts'
import { projectView } from './project-view.ts'
import {
  createProjectBody,
  deleteProjectReply,
  downloadReply,
  importProjectQuery,
  listProjectsQuery,
  listProjectsReply,
  listVersionsReply,
  patchProjectBody,
} from './projects.ts'
import {
  bootActive,
  bootBody,
  bootProcessing,
  heartbeatBody,
  heartbeatReply,
  listSessionsReply,
  shutdownBody,
  shutdownReply,
  statusReply,
  ticketBody,
  ticketReply,
} from './sessions.ts'

export interface RestRoute {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly summary: string
  readonly isAdmin?: true
  /** Of the account itself: a person may, a script with a token may not. */
  readonly isPersonal?: true
  /** Takes an Idempotency-Key: the same key again gives the first answer and makes nothing new. */
  readonly isKeyed?: true
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  readonly replies: Readonly<Record<number, z.ZodType>>
}

/** Every REST route, for the server's registration, the docs and the tests of both. */
export const REST_ROUTES = {
  listProjects: {
    method: 'GET',
    path: '/api/projects',
    summary: 'Your projects, newest change first.',
    query: listProjectsQuery,
    replies: { 200: listProjectsReply },
  },
  createProject: {
    method: 'POST',
    path: '/api/projects',
    summary: 'Create a project from a template or a git repository.',
    isKeyed: true,
    body: createProjectBody,
    replies: { 201: projectView },
  },
  getProject: {
    method: 'GET',
    path: '/api/projects/:id',
    summary: 'One project with its session.',
    replies: { 200: projectView },
  },
  patchProject: {
    method: 'PATCH',
    path: '/api/projects/:id',
    summary: 'Rename a project or change its settings.',
    body: patchProjectBody,
    replies: { 200: projectView },
  },
  deleteProject: {
    method: 'DELETE',
    path: '/api/projects/:id',
    summary: 'Delete a project. It can be brought back for a while.',
    replies: { 200: deleteProjectReply },
  },
  undeleteProject: {
    method: 'POST',
    path: '/api/projects/:id/undelete',
    summary: 'Bring a deleted project back.',
    replies: { 200: projectView },
  },
  listVersions: {
    method: 'GET',
    path: '/api/projects/:id/versions',
    summary: 'Saved versions, newest first.',
    replies: { 200: listVersionsReply },
  },
  restoreVersion: {
    method: 'POST',
    path: '/api/projects/:id/versions/:version/restore',
    summary: 'Make an earlier version the head.',
    replies: { 200: projectView },
  },
  downloadVersion: {
    method: 'GET',
    path: '/api/projects/:id/versions/:version/download',
    summary: 'A link to a saved version, as it was saved.',
    replies: { 200: downloadReply },
  },
  listActivity: {
    method: 'GET',
    path: '/api/projects/:id/activity',
    summary: 'What happened to a project, newest first.',
    query: listActivityQuery,
    replies: { 200: listActivityReply },
  },
  download: {
    method: 'GET',
    path: '/api/projects/:id/download',
    summary: 'A link to the head as a zip.',
    replies: { 200: downloadReply },
  },
  importProject: {
    method: 'POST',
    path: '/api/import',
    summary: 'Create a project from an uploaded zip (the body).',
    isKeyed: true,
    query: importProjectQuery,
    replies: { 201: projectView },
  },
  boot: {
    method: 'POST',
    path: '/api/boot',
    summary: 'Open a project. Answers at once; the machine comes later.',
    body: bootBody,
    replies: { 200: bootActive, 202: bootProcessing },
  },
  shutdown: {
    method: 'POST',
    path: '/api/shutdown',
    summary: 'Save and end a session, or cancel its start.',
    body: shutdownBody,
    replies: { 202: shutdownReply },
  },
  heartbeat: {
    method: 'POST',
    path: '/api/heartbeat',
    summary: 'The user is here.',
    body: heartbeatBody,
    replies: { 200: heartbeatReply },
  },
  status: {
    method: 'GET',
    path: '/api/status/:projectId',
    summary: 'Where a project stands, for pages without a live connection.',
    replies: { 200: statusReply },
  },
  listSessions: {
    method: 'GET',
    path: '/api/sessions',
    summary: 'Your sessions, newest first.',
    query: pageQuery,
    replies: { 200: listSessionsReply },
  },
  ticket: {
    method: 'POST',
    path: '/api/sessions/:id/ticket',
    summary: 'A one-time address that lets this browser into a workspace.',
    body: ticketBody,
    replies: { 200: ticketReply },
  },
  previewSave: {
    method: 'GET',
    path: '/api/sessions/:id/preview',
    summary: 'What saving a running session would hold now, and leave out.',
    replies: { 200: savePreview },
  },
  listLogins: {
    method: 'GET',
    path: '/api/account/logins',
    summary: 'Where you are logged in, last seen first.',
    isPersonal: true,
    replies: { 200: listLoginsReply },
  },
  endLogin: {
    method: 'DELETE',
    path: '/api/account/logins/:id',
    summary:
      'Log a device out. It reaches nothing any more within seconds, open workspaces included.',
    isPersonal: true,
    replies: { 200: endLoginReply },
  },
  listApiTokens: {
    method: 'GET',
    path: '/api/account/tokens',
    summary: 'Your tokens for scripts, newest first.',
    isPersonal: true,
    replies: { 200: listApiTokensReply },
  },
  createApiToken: {
    method: 'POST',
    path: '/api/account/tokens',
    summary: 'Make a token for scripts. It is shown this once.',
    isPersonal: true,
    body: createApiTokenBody,
    replies: { 201: createApiTokenReply },
  },
  deleteApiToken: {
    method: 'DELETE',
    path: '/api/account/tokens/:id',
    summary: 'Take a token back. It stops working within seconds.',
    isPersonal: true,
    replies: { 200: deleteApiTokenReply },
  },
  adminHosts: {
    method: 'GET',
    path: '/api/admin/hosts',
    summary: 'Every host with its capacity.',
    isAdmin: true,
    replies: { 200: listHostsReply },
  },
  adminSessions: {
    method: 'GET',
    path: '/api/admin/sessions',
    summary: 'Every live session.',
    isAdmin: true,
    query: pageQuery,
    replies: { 200: adminSessionsReply },
  },
  adminStats: {
    method: 'GET',
    path: '/api/admin/stats',
    summary: 'Counts over everything.',
    isAdmin: true,
    replies: { 200: adminStatsReply },
  },
  drainHost: {
    method: 'POST',
    path: '/api/admin/hosts/:id/drain',
    summary: 'Save and stop a host’s sessions one by one; it takes no new ones.',
    isAdmin: true,
    replies: { 202: drainReply },
  },
  resumeHost: {
    method: 'POST',
    path: '/api/admin/hosts/:id/resume',
    summary: 'Let a drained host take sessions again.',
    isAdmin: true,
    replies: { 200: drainReply },
  },
} as const satisfies Record<string, RestRoute>
export type RouteName = keyof typeof REST_ROUTES
