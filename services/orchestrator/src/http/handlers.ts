import type { RouteName } from '@vessel/proto/http/routes'
import type { Handler } from './route.ts'
import { adminHosts } from './routes/admin-hosts.ts'
import { adminSessions } from './routes/admin-sessions.ts'
import { adminStats } from './routes/admin-stats.ts'
import { boot } from './routes/boot.ts'
import { createApiToken } from './routes/create-api-token.ts'
import { createProject } from './routes/create-project.ts'
import { deleteApiToken } from './routes/delete-api-token.ts'
import { deleteProject } from './routes/delete-project.ts'
import { download } from './routes/download.ts'
import { downloadVersion } from './routes/download-version.ts'
import { drainHost } from './routes/drain-host.ts'
import { endLogin } from './routes/end-login.ts'
import { getProject } from './routes/get-project.ts'
import { heartbeat } from './routes/heartbeat.ts'
import { importProject } from './routes/import-project.ts'
import { listActivity } from './routes/list-activity.ts'
import { listApiTokens } from './routes/list-api-tokens.ts'
import { listLogins } from './routes/list-logins.ts'
import { listProjects } from './routes/list-projects.ts'
import { listSessions } from './routes/list-sessions.ts'
import { listVersions } from './routes/list-versions.ts'
import { patchProject } from './routes/patch-project.ts'
import { previewSave } from './routes/preview-save.ts'
import { restoreVersion } from './routes/restore-version.ts'
import { resumeHost } from './routes/resume-host.ts'
import { shutdown } from './routes/shutdown.ts'
import { status } from './routes/status.ts'
import { ticket } from './routes/ticket.ts'
import { undeleteProject } from './routes/undelete-project.ts'

/** Who answers what. A route of the contract that is missing here does not compile. */
export const HANDLERS: { readonly [N in RouteName]: Handler<N> } = {
  listProjects,
  createProject,
  getProject,
  patchProject,
  deleteProject,
  undeleteProject,
  listVersions,
  listActivity,
  restoreVersion,
  downloadVersion,
  download,
  importProject,
  boot,
  shutdown,
  heartbeat,
  status,
  listSessions,
  ticket,
  previewSave,
  listLogins,
  endLogin,
  listApiTokens,
  createApiToken,
  deleteApiToken,
  adminHosts,
  adminSessions,
  adminStats,
  drainHost,
  resumeHost,
}
