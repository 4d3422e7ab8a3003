import { VesselError } from '@vessel/proto/errors'
import type { Reply } from '@vessel/proto/message'
import type { CommandHandlers } from '../bus/serve-commands.ts'
import type { HostState } from '../host/host-state.ts'
import type { Ops } from '../journal/ops.ts'
import { toSessionOnHost } from '../vm/record.ts'
import { guestOf, type SessionDeps } from '../vm/session-context.ts'
import type { HostSessions } from './host-sessions.ts'

export interface CommandDeps {
  readonly sessions: HostSessions
  readonly session: SessionDeps
  readonly ops: Ops
  readonly hostState: HostState
  readonly onDrain: () => void
  /** Aborted when the agent goes: an exec does not hold it up. */
  readonly signal: AbortSignal
}

const REPEATABLE = { isRepeatable: true }
const ONCE = { isRepeatable: false }

/** A command without an `opId` has no effect worth remembering. */
async function replyOf<T>(work: () => Promise<T>): Promise<Reply<T>> {
  try {
    return { ok: true, value: await work() }
  } catch (thrown) {
    return { ok: false, error: VesselError.from(thrown).toShape() }
  }
}

export function createCommandHandlers(deps: CommandDeps): CommandHandlers {
  const { sessions, ops, hostState } = deps
  return {
    start: (request) => ops.once(request.opId, REPEATABLE, () => sessions.start(request)),

    stop: (request) =>
      ops.once(request.opId, REPEATABLE, async () => {
        const { vm } = sessions.require(request.session, request.epoch)
        if (vm.context.record.end) return { state: 'stopped' as const }
        await vm.stop({ mode: request.mode, reason: request.reason, failure: null })
        return { state: 'stopping' as const }
      }),

    save: (request) =>
      ops.once(request.opId, REPEATABLE, async () => {
        const { vm } = sessions.require(request.session, request.epoch)
        const { readyAt, stop, end } = vm.context.record
        if (end || stop) throw new VesselError('SESSION_BUSY')
        if (!readyAt) throw new VesselError('SESSION_NOT_LIVE')
        vm.requestSave()
        return { accepted: true as const }
      }),

    drain: (request) =>
      ops.once(request.opId, REPEATABLE, async () => {
        await hostState.setDraining(true)
        const live = sessions.records().filter((record) => record.end === null)
        deps.onDrain()
        return { sessionCount: live.length }
      }),

    resume: (request) =>
      ops.once(request.opId, REPEATABLE, async () => {
        await hostState.setDraining(false)
        deps.session.onChange()
        return { draining: false as const }
      }),

    list: () => replyOf(async () => ({ sessions: sessions.records().map(toSessionOnHost) })),

    exec: (request) =>
      ops.once(request.opId, ONCE, async () => {
        const { vm } = sessions.require(request.session, request.epoch)
        const { record } = vm.context
        if (!record.readyAt || record.end) throw new VesselError('SESSION_NOT_LIVE')
        const { argv, timeoutMs } = request
        return deps.session.guest.exec(guestOf(record), { argv, timeoutMs }, deps.signal)
      }),

    preview: (request) =>
      replyOf(async () => {
        const { vm } = sessions.require(request.session, request.epoch)
        const { record } = vm.context
        if (!record.readyAt || record.stop || record.end) throw new VesselError('SESSION_NOT_LIVE')
        return deps.session.guest.preview(guestOf(record), record.ignore, deps.signal)
      }),
  }
}
