import type { HostCommands } from '../placement/ports.ts'
import type { Log } from '../ports.ts'
import type { Session } from '../store/rows.ts'
import type { Decision } from './decide.ts'
import { opIdOf } from './op-id.ts'
import type { SessionStore } from './ports.ts'

export interface StopDeps {
  readonly store: SessionStore
  readonly commands: HostCommands
  readonly log: Log
}

type StopDecision = Extract<Decision, { do: 'stop' }>

/**
 * Writes down that the session is ending, then tells its host. If the host is not heard, the
 * session stays `saving` and is told again; the beat says when it has been heard.
 */
export async function stopSession(
  session: Session,
  decision: StopDecision,
  deps: StopDeps,
): Promise<boolean> {
  const { store, commands, log } = deps
  const { hostId, epoch } = session
  if (!hostId || epoch === null) return false
  let current = session
  if (session.state !== 'saving') {
    const moved = await store.move({ session, to: 'saving' })
    if (!moved) return false
    current = moved
  }
  const { mode, reason } = decision
  const opId = opIdOf(current, `stop:${mode}`)
  const result = await commands.send(hostId, 'stop', {
    opId,
    session: session.id,
    epoch,
    mode,
    reason,
    ...(session.traceparent ? { traceparent: session.traceparent } : {}),
  })
  const outcome = result.kind === 'answered' && !result.reply.ok ? result.reply.error.code : null
  log.info(
    { session: session.id, host: hostId, opId, mode, reason, kind: result.kind, code: outcome },
    'host was told to stop',
  )
  return true
}
