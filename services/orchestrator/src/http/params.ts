import type { RouteName } from '@vessel/proto/http/routes'
import { hostId, projectId, sessionId } from '@vessel/proto/ids'
import { z } from 'zod'

const none = z.object({})
const ofProject = z.object({ id: projectId })
const ofVersion = z.object({ id: projectId, version: z.uuid() })
const ofSession = z.object({ id: sessionId })
const ofHost = z.object({ id: hostId })
const ofOwn = z.object({ id: z.uuid() })

/** What the colons in the paths of the routes stand for. */
export const PARAMS = {
  listProjects: none,
  createProject: none,
  getProject: ofProject,
  patchProject: ofProject,
  deleteProject: ofProject,
  undeleteProject: ofProject,
  listVersions: ofProject,
  listActivity: ofProject,
  restoreVersion: ofVersion,
  downloadVersion: ofVersion,
  download: ofProject,
  importProject: none,
  boot: none,
  shutdown: none,
  heartbeat: none,
  status: z.object({ projectId }),
  listSessions: none,
  ticket: ofSession,
  previewSave: ofSession,
  listLogins: none,
  endLogin: ofOwn,
  listApiTokens: none,
  createApiToken: none,
  deleteApiToken: ofOwn,
  adminHosts: none,
  adminSessions: none,
  adminStats: none,
  drainHost: ofHost,
  resumeHost: ofHost,
} as const satisfies Record<RouteName, z.ZodObject>
