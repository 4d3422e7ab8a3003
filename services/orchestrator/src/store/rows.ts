import { archiveFormat } from '@vessel/proto/archive'
import { errorShape } from '@vessel/proto/error-shape'
import {
  bootId,
  hostId,
  projectId,
  projectSlug,
  sessionId,
  timestamp,
  traceparent,
  userId,
} from '@vessel/proto/ids'
import { environment } from '@vessel/proto/machine'
import { endReason } from '@vessel/proto/reasons'
import { sessionState } from '@vessel/proto/session-state'
import { stepName } from '@vessel/proto/steps'
import { z } from 'zod'

const time = timestamp.nullable()

export const sessionFailure = errorShape.extend({
  stage: stepName.nullable(),
  isRetryable: z.boolean(),
})
export type SessionFailure = z.infer<typeof sessionFailure>

/** A session as the database holds it, in our spelling. */
export const sessionRow = z
  .object({
    id: sessionId,
    project_id: projectId,
    user_id: userId,
    status: sessionState,
    revision: z.int(),
    epoch: z.int().nullable(),
    host_id: hostId.nullable(),
    boot_id: bootId.nullable(),
    cpu_count: z.int(),
    memory_mib: z.int(),
    disk_mib: z.int(),
    created_at: timestamp,
    state_since: timestamp,
    deadline_at: time,
    attempts: z.int(),
    queued_at: time,
    waits_for: z.enum(['room', 'host']).nullable(),
    ready_at: time,
    ended_at: time,
    last_activity_at: time,
    keep_awake_until: time,
    last_saved_at: time,
    stop_mode: z.enum(['save', 'discard']).nullable(),
    stop_reason: endReason.nullable(),
    end_reason: endReason.nullable(),
    failure: sessionFailure.nullable(),
    traceparent: traceparent.nullable(),
  })
  .transform((row) => ({
    id: row.id,
    projectId: row.project_id,
    userId: row.user_id,
    state: row.status,
    revision: row.revision,
    epoch: row.epoch,
    hostId: row.host_id,
    bootId: row.boot_id,
    spec: { cpuCount: row.cpu_count, memoryMib: row.memory_mib, diskMib: row.disk_mib },
    createdAt: row.created_at,
    stateSince: row.state_since,
    deadlineAt: row.deadline_at,
    attempts: row.attempts,
    queuedAt: row.queued_at,
    /** Of the last time it was queued. */
    waitsFor: row.waits_for,
    readyAt: row.ready_at,
    endedAt: row.ended_at,
    lastActivityAt: row.last_activity_at,
    keepAwakeUntil: row.keep_awake_until,
    lastSavedAt: row.last_saved_at,
    stopMode: row.stop_mode,
    stopReason: row.stop_reason,
    endReason: row.end_reason,
    failure: row.failure,
    traceparent: row.traceparent,
  }))
export type Session = z.output<typeof sessionRow>

export const projectRow = z
  .object({
    id: projectId,
    user_id: userId,
    name: z.string(),
    slug: projectSlug,
    template_type: z.enum(['blank', 'node', 'react', 'python', 'static', 'import', 'git']),
    cpu_count: z.int(),
    memory_mib: z.int(),
    disk_mib: z.int(),
    idle_stop_ms: z.int().nullable(),
    count_running_command: z.boolean(),
    ignore_patterns: z.array(z.string()),
    environment,
    git_url: z.string().nullable(),
    git_ref: z.string().nullable(),
    head_epoch: z.int().nullable(),
    head_path: z.string().nullable(),
    head_sha256: z.string().nullable(),
    head_bytes: z.int().nullable(),
    head_entries: z.int().nullable(),
    head_format: archiveFormat.nullable(),
    head_saved_at: time,
    revision: z.int(),
    created_at: timestamp,
    updated_at: timestamp,
    deleted_at: time,
  })
  .transform((row) => ({
    id: row.id,
    userId: row.user_id,
    name: row.name,
    slug: row.slug,
    origin: row.template_type,
    spec: { cpuCount: row.cpu_count, memoryMib: row.memory_mib, diskMib: row.disk_mib },
    idleStopMs: row.idle_stop_ms,
    countRunningCommand: row.count_running_command,
    ignore: row.ignore_patterns,
    environment: row.environment,
    git: row.git_url === null ? null : { url: row.git_url, ref: row.git_ref },
    head: headOf(row),
    revision: row.revision,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    deletedAt: row.deleted_at,
  }))
export type Project = z.output<typeof projectRow>
export type ProjectHead = NonNullable<Project['head']>

interface HeadColumns {
  head_epoch: number | null
  head_path: string | null
  head_sha256: string | null
  head_bytes: number | null
  head_entries: number | null
  head_format: 'zip' | 'tar.zst' | null
  head_saved_at: string | null
}

/** The database keeps a head whole: all of these or none. */
function headOf(row: HeadColumns) {
  const { head_path, head_sha256, head_format, head_saved_at } = row
  if (!head_path || !head_sha256 || !head_format || !head_saved_at) return null
  return {
    path: head_path,
    sha256: head_sha256,
    bytes: row.head_bytes ?? 0,
    entries: row.head_entries ?? 0,
    epoch: row.head_epoch ?? 0,
    format: head_format,
    savedAt: head_saved_at,
  }
}

const archiveColumns = z.object({
  id: z.uuid(),
  project_id: projectId,
  user_id: userId,
  path: z.string(),
  sha256: z.string(),
  bytes: z.int(),
  entries: z.int(),
  format: archiveFormat,
  is_checkpoint: z.boolean(),
  created_at: timestamp,
  committed_at: time,
})

function archiveFrom(row: z.infer<typeof archiveColumns>) {
  return {
    id: row.id,
    projectId: row.project_id,
    userId: row.user_id,
    path: row.path,
    sha256: row.sha256,
    bytes: row.bytes,
    entries: row.entries,
    format: row.format,
    isCheckpoint: row.is_checkpoint,
    createdAt: row.created_at,
    committedAt: row.committed_at,
  }
}

/** Saved files a user may see and go back to. */
export const versionRow = archiveColumns
  .extend({ status: z.enum(['head', 'earlier', 'recovery']) })
  .transform((row) => ({ ...archiveFrom(row), status: row.status }))
export type Version = z.output<typeof versionRow>

export const archiveRow = archiveColumns
  .extend({ status: z.enum(['pending', 'head', 'earlier', 'recovery', 'doomed']) })
  .transform((row) => ({ ...archiveFrom(row), status: row.status }))
export type Archive = z.output<typeof archiveRow>

/** A session with what of its project a view of it needs. */
export const sessionOverview = z
  .object({
    session: sessionRow,
    project: z.object({ slug: projectSlug, idle_stop_ms: z.int().nullable() }),
    queue_position: z.int().nullable(),
  })
  .transform((row) => ({
    session: row.session,
    slug: row.project.slug,
    idleStopMs: row.project.idle_stop_ms,
    queuePosition: row.queue_position,
  }))
export type SessionOverview = z.output<typeof sessionOverview>

export const projectOverview = z
  .object({
    project: projectRow,
    session: sessionRow.nullable(),
    queue_position: z.int().nullable(),
  })
  .transform((row) => ({
    project: row.project,
    session: row.session,
    queuePosition: row.queue_position,
  }))
export type ProjectOverview = z.output<typeof projectOverview>

/** What of the audit its owner may see: not the host. */
export const auditRow = z
  .object({
    id: z.int(),
    at: timestamp,
    action: z.string(),
    project_id: projectId.nullable(),
    session_id: sessionId.nullable(),
    details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  })
  .transform((row) => ({
    id: row.id,
    at: row.at,
    action: row.action,
    projectId: row.project_id,
    sessionId: row.session_id,
    details: row.details,
  }))
