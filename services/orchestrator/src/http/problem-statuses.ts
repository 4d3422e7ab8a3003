import type { RestRoute, RouteName } from '@vessel/proto/http/routes'

const ALWAYS = [400, 401, 403, 429, 500, 503] as const
const WITH_BODY = [413, 415] as const
/** A thing of the path or body may not be there, or be as it must not be. */
const NOT_FOUND_OR_CONFLICT = [404, 409] as const

const OF_ROUTE: Partial<Record<RouteName, readonly number[]>> = {
  createProject: [409],
  importProject: [409, 413, 415, 422],
  download: [404],
  downloadVersion: [404],
  getProject: [404],
  listVersions: [404],
  status: [404],
  endLogin: [404],
  createApiToken: [409],
  deleteApiToken: [404],
  previewSave: [404, 409],
  drainHost: [404, 504],
  resumeHost: [404, 504],
}
const LISTS = new Set<RouteName>([
  'listProjects',
  'listSessions',
  'listLogins',
  'listApiTokens',
  'adminHosts',
  'adminSessions',
  'adminStats',
])

/** The statuses of the problem documents a route may answer with, for its description. */
export function problemStatuses(name: RouteName, route: RestRoute): number[] {
  const own = OF_ROUTE[name] ?? (LISTS.has(name) ? [] : NOT_FOUND_OR_CONFLICT)
  const all = [...ALWAYS, ...own, ...(route.body ? WITH_BODY : [])]
  return [...new Set(all)].sort((a, b) => a - b)
}
