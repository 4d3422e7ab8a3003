import { VesselError } from '@vessel/proto/errors'
import type { SavePreview } from '@vessel/proto/guest/api'
import type { SessionId, UserId } from '@vessel/proto/ids'
import type { HostCommands } from '../placement/ports.ts'
import type { SessionStore } from './ports.ts'

export interface PreviewDeps {
  readonly store: Pick<SessionStore, 'page'>
  readonly commands: HostCommands
}

/** Asks the machine itself: what was saved last says little of what lies there now. */
export async function previewSave(
  which: { readonly userId: UserId; readonly sessionId: SessionId },
  { store, commands }: PreviewDeps,
): Promise<SavePreview> {
  const [overview] = await store.page({ ...which, limit: 1 })
  if (!overview) throw new VesselError('SESSION_NOT_FOUND')
  const { state, hostId, epoch, id } = overview.session
  if (state !== 'ready' || !hostId || epoch === null) throw new VesselError('SESSION_NOT_LIVE')
  const result = await commands.send(hostId, 'preview', { session: id, epoch })
  if (result.kind !== 'answered') throw new VesselError('HOST_UNREACHABLE', { retryAfterMs: 2_000 })
  if (!result.reply.ok) throw VesselError.fromShape(result.reply.error)
  return result.reply.value
}
