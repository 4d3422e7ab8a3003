import type { ProjectSlug } from '@vessel/proto/ids'

/** The address of a workspace, or of a port of it: a label under the operator's base URL. */
export function workspaceUrl(baseUrl: string, slug: ProjectSlug, port?: number): string {
  const url = new URL(baseUrl)
  const label = port === undefined ? slug : `${port}--${slug}`
  url.hostname = `${label}.${url.hostname}`
  return url.href
}
