import { type BootId, bootId, type SessionId, sessionId } from '@vessel/proto/ids'
import { z } from 'zod'

/**
 * Ignite's own id of a machine. Every command takes the single machine whose id or name *begins*
 * with what it is given (facts §2.3), so nothing shorter may ever be passed.
 */
export const igniteUid = z
  .string()
  .regex(/^[0-9a-f]{16}$/)
  .brand<'IgniteUid'>()
export type IgniteUid = z.infer<typeof igniteUid>

/** The container in containerd and the owner of the lease; ignite's default prefix. */
export const containerOf = (uid: IgniteUid): string => `ignite-${uid}`

export interface MachineName {
  /** Which agent it belongs to, should several use one host. */
  readonly owner: string
  readonly session: SessionId
  readonly bootId: BootId
}

/** Ignite takes names in the form of a DNS name, in lower case (facts §2.2). */
export const OWNER_PATTERN = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/

export const machineName = ({ owner, session, bootId: boot }: MachineName): string =>
  ['vessel', owner, session, boot].join('.')

/** Null for a machine that is none of ours. */
export function parseMachineName(name: string): MachineName | null {
  const [head, owner, session, boot, ...rest] = name.split('.')
  const ids = { session: sessionId.safeParse(session), boot: bootId.safeParse(boot) }
  if (head !== 'vessel' || !owner || rest.length > 0) return null
  if (!ids.session.success || !ids.boot.success) return null
  return { owner, session: ids.session.data, bootId: ids.boot.data }
}
