import { z } from 'zod'
import { errorShape } from '../error-shape.ts'
import { bootId, epoch, hostId, projectId, projectSlug, sessionId, timestamp } from '../ids.ts'
import { machineSpec } from '../machine.ts'
import { endReason } from '../reasons.ts'
import { stepName } from '../steps.ts'

/** A session as its host sees it. Ended ones stay listed for a while, so a lost event heals. */
export const HOST_SESSION_STATES = [
  'starting',
  'ready',
  'saving',
  'save-failed',
  'paused',
  'quarantined',
  'stopped',
  'failed',
] as const
export const hostSessionState = z.enum(HOST_SESSION_STATES)
export type HostSessionState = z.infer<typeof hostSessionState>

export const sessionOnHost = z.object({
  session: sessionId,
  project: projectId,
  slug: projectSlug,
  epoch,
  bootId,
  state: hostSessionState,
  spec: machineSpec,
  /** Address of the machine as the gateway reaches it. Null before it is known. */
  ip: z.string().max(64).nullable(),
  startedAt: timestamp,
  readyAt: timestamp.nullable(),
  lastActivityAt: timestamp.nullable(),
  lastSavedAt: timestamp.nullable(),
  end: z
    .object({
      reason: endReason,
      at: timestamp,
      error: errorShape.optional(),
      /** The step that failed, with the error: the listing may be read before the event. */
      stage: stepName.optional(),
    })
    .nullable()
    .default(null),
})
export type SessionOnHost = z.infer<typeof sessionOnHost>

/** Every 5 s from every host: what it has, what it runs. The level that state is healed from. */
export const beat = z.object({
  host: hostId,
  /** New at every start of the agent. */
  agentBootId: z.uuid(),
  /** New at every boot of the machine below: when it changes, every VM died. */
  hostBootId: z.string().max(100),
  at: timestamp,
  protocolVersion: z.int().positive(),
  agentVersion: z.string().max(50),
  driver: z.string().max(50),
  isIsolated: z.boolean(),
  isDraining: z.boolean(),
  capacity: z.object({
    cpuTotal: z.number().nonnegative(),
    cpuReserved: z.number().nonnegative(),
    memoryMibTotal: z.int().nonnegative(),
    memoryMibReserved: z.int().nonnegative(),
    diskMibTotal: z.int().nonnegative(),
    diskMibFree: z.int().nonnegative(),
    vmMax: z.int().nonnegative(),
  }),
  sessions: z.array(sessionOnHost).max(10_000),
})
export type Beat = z.infer<typeof beat>

export const BEAT_EVERY_MS = 5_000
