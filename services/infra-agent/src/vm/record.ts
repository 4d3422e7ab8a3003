import { type ArchiveFormat, archiveSource } from '@vessel/proto/archive'
import { ticketKey } from '@vessel/proto/commands/start'
import { errorShape } from '@vessel/proto/error-shape'
import type { HostSessionState, SessionOnHost } from '@vessel/proto/events/beat'
import { gitSource } from '@vessel/proto/git'
import { archiveName } from '@vessel/proto/guest/api'
import {
  bootId,
  epoch,
  opId,
  projectId,
  projectSlug,
  type SessionId,
  sessionId,
  sha256,
  timestamp,
  traceparent,
  visitorId,
} from '@vessel/proto/ids'
import { environment, machineSpec } from '@vessel/proto/machine'
import { endReason } from '@vessel/proto/reasons'
import { stepName } from '@vessel/proto/steps'
import { z } from 'zod'

/** An archive that is packed on disk: of its pieces it is known by the name of its newest file. */
const packedFile = z.object({ file: z.string(), bytes: z.int().positive() })
export type PackedFile = z.infer<typeof packedFile>

/** An archive that is packed on disk and not yet committed. */
export const pendingArchive = packedFile.extend({
  seq: z.int().positive(),
  kind: z.enum(['checkpoint', 'final']),
  /** What the guest calls it; null when nothing can be built on it. */
  name: archiveName.nullable().default(null),
  sha256,
  entries: z.int().nonnegative(),
  unpackedBytes: z.int().nonnegative(),
  /** The guest's count of changes just before the packing; null once nobody can compare it. */
  changeCount: z.int().nonnegative().nullable(),
  packedAt: timestamp,
  /** Set once storage has the whole of it. */
  storedPath: z.string().nullable(),
})
export type PendingArchive = z.infer<typeof pendingArchive>

/** The name of a packed file ends with its format. */
export const formatOf = ({ file }: PackedFile): ArchiveFormat =>
  file.endsWith('.tar.zst') ? 'tar.zst' : 'zip'

/** Why and how a session is to end. Written down before anything is done about it. */
export const stopOrder = z.object({
  mode: z.enum(['save', 'discard']),
  reason: endReason,
  /** Set when it ends because something broke: the session then ends as `failed`. */
  failure: z.object({ stage: stepName, error: errorShape }).nullable(),
})
export type StopOrder = z.infer<typeof stopOrder>

/**
 * All the agent must remember of a VM. It is written before each side effect, so that an agent
 * that was killed at any line knows what it may find.
 */
export const vmRecord = z.object({
  version: z.literal(1),
  session: sessionId,
  project: projectId,
  slug: projectSlug,
  epoch,
  bootId,
  startOpId: opId,
  /** Started by hand on this host: no orchestrator holds a lease on it or keeps its files. */
  local: z.object({ saveTo: z.string() }).nullable().default(null),
  spec: machineSpec,
  archive: archiveSource.nullable(),
  /** Forgotten, with its token, as soon as the files are there. */
  git: gitSource.nullable().default(null),
  ignore: z.array(z.string()),
  environment,
  ticketKeys: z.array(ticketKey),
  traceparent: traceparent.optional(),
  /** Opens the guest agent. New with every boot. */
  token: z.string().min(32),
  startedAt: timestamp,
  bootDeadlineAt: timestamp,
  /** Where machine and disk are on this host, for a machine that was up before the session. */
  place: sessionId.optional(),
  /** The driver's own note of the machine; null while there is none. */
  machine: z.record(z.string(), z.json()).nullable(),
  endpoint: z.object({ ip: z.string(), port: z.int().positive() }).nullable(),
  readyAt: timestamp.nullable(),
  isReadyAnnounced: z.boolean(),
  lastActivityAt: timestamp.nullable(),
  lastSavedAt: timestamp.nullable(),
  /** Who was let in, and may still be connected. */
  visitors: z.array(visitorId).default([]),
  ports: z.array(z.int().positive()),
  isPaused: z.boolean(),
  /** Another host holds the project: what is here may only become a recovery version. */
  isLeaseLost: z.boolean(),
  stop: stopOrder.nullable(),
  archiveSeq: z.int().nonnegative(),
  pending: pendingArchive.nullable(),
  /** The last archive that was committed, kept so that the next need not hold it all again. */
  base: packedFile.extend({ name: archiveName }).nullable().default(null),
  committed: z.object({ sha256, changeCount: z.int().nonnegative().nullable() }).nullable(),
  saveAttempt: z.int().nonnegative(),
  restarts: z.int().nonnegative(),
  /** The final save is committed, so the volume may go. */
  isSaved: z.boolean(),
  end: z
    .object({
      state: z.enum(['stopped', 'failed']),
      reason: endReason,
      at: timestamp,
      error: errorShape.optional(),
      isAnnounced: z.boolean(),
    })
    .nullable(),
})
export type VmRecord = z.infer<typeof vmRecord>

/** The id under which this host knows the session's machine and disk. */
export function placeOf({ place, session }: Pick<VmRecord, 'place' | 'session'>): SessionId {
  return place ?? session
}

/** What the rest of the world sees of a record. */
export function stateOf(record: VmRecord): HostSessionState {
  if (record.end) return record.end.state
  if (record.stop) return record.saveAttempt > 0 ? 'save-failed' : 'saving'
  if (record.isPaused) return 'paused'
  return record.readyAt ? 'ready' : 'starting'
}

export function toSessionOnHost(record: VmRecord): SessionOnHost {
  const { end, stop } = record
  const failed = end?.error ? { error: end.error, stage: stop?.failure?.stage } : {}
  return {
    session: record.session,
    project: record.project,
    slug: record.slug,
    epoch: record.epoch,
    bootId: record.bootId,
    state: stateOf(record),
    spec: record.spec,
    ip: record.endpoint?.ip ?? null,
    startedAt: record.startedAt,
    readyAt: record.readyAt,
    lastActivityAt: record.lastActivityAt,
    lastSavedAt: record.lastSavedAt,
    end: end && { reason: end.reason, at: end.at, ...failed },
  }
}
