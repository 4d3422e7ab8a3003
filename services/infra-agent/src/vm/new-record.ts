import type { StartCommand } from '@vessel/proto/commands/start'
import type { BootId } from '@vessel/proto/ids'
import type { WarmMachine } from '../warm/warm-machine.ts'
import type { VmRecord } from './record.ts'

/** The record of a session that was just accepted: nothing of it exists yet. */
export function newRecord(
  command: StartCommand,
  made: {
    bootId: BootId
    token: string
    nowMs: number
    local: VmRecord['local']
    /** A machine that is up already. */
    warm?: WarmMachine | null
  },
): VmRecord {
  return {
    version: 1,
    session: command.session,
    project: command.project,
    slug: command.slug,
    epoch: command.epoch,
    bootId: made.bootId,
    startOpId: command.opId,
    local: made.local,
    spec: command.spec,
    archive: command.archive,
    git: command.git,
    ignore: command.ignore,
    environment: command.environment,
    ticketKeys: command.ticketKeys,
    ...(command.traceparent ? { traceparent: command.traceparent } : {}),
    token: made.token,
    startedAt: new Date(made.nowMs).toISOString(),
    bootDeadlineAt: new Date(made.nowMs + command.bootDeadlineMs).toISOString(),
    ...(made.warm ? { place: made.warm.place } : {}),
    machine: made.warm?.machine ?? null,
    endpoint: made.warm?.endpoint ?? null,
    readyAt: null,
    isReadyAnnounced: false,
    lastActivityAt: null,
    lastSavedAt: null,
    visitors: [],
    ports: [],
    isPaused: false,
    isLeaseLost: false,
    stop: null,
    archiveSeq: 0,
    pending: null,
    base: null,
    // Packing what was just unpacked and not touched gives nothing new to store.
    committed: command.archive && { sha256: command.archive.sha256, changeCount: null },
    saveAttempt: 0,
    restarts: 0,
    isSaved: false,
    end: null,
  }
}
