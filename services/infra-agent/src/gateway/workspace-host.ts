import { type ProjectSlug, portNumber, projectSlug } from '@vessel/proto/ids'
import type { WorkspaceBase } from '../config.ts'

/** What a host name asks for. */
export interface WorkspaceHost {
  readonly slug: ProjectSlug
  readonly port: number | null
  /** The only origin whose pages may change anything here. */
  readonly origin: string
}

/** Null for any spelling but the one we hand out: no capitals, no dot at the end, no other port. */
export function parseWorkspaceHost(
  host: string | undefined,
  base: WorkspaceBase,
): WorkspaceHost | null {
  if (host === undefined) return null
  const suffix = `.${base.domain}`
  const named = base.portSuffix !== '' && host.endsWith(base.portSuffix)
  const name = named ? host.slice(0, -base.portSuffix.length) : host
  if (!name.endsWith(suffix)) return null
  const label = name.slice(0, -suffix.length)
  const origin = `${base.scheme}://${label}${suffix}${base.portSuffix}`

  const preview = /^([1-9]\d{0,4})--(.+)$/.exec(label)
  const slug = projectSlug.safeParse(preview ? preview[2] : label)
  if (!slug.success) return null
  if (!preview) return { slug: slug.data, port: null, origin }
  const port = portNumber.safeParse(Number(preview[1]))
  return port.success ? { slug: slug.data, port: port.data, origin } : null
}
