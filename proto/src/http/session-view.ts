import { z } from 'zod'
import { errorShape } from '../error-shape.ts'
import { bootId, epoch, hostId, projectId, sessionId, timestamp } from '../ids.ts'
import { machineSpec } from '../machine.ts'
import { endReason } from '../reasons.ts'
import { sessionState } from '../session-state.ts'
import { stepName } from '../steps.ts'

/** A session as its owner may see it. */
export const sessionView = z.object({
  id: sessionId,
  projectId,
  state: sessionState,
  /** Rises with every change of the row; an older view never replaces a newer one. */
  revision: z.int().nonnegative(),
  epoch: epoch.nullable(),
  bootId: bootId.nullable(),
  /** The workspace's address. Set while `ready`; opening it needs a code from the ticket route. */
  url: z.url().nullable(),
  spec: machineSpec,
  queuePosition: z.int().positive().nullable(),
  /** While it is in the queue: `host` when none is connected, which only an operator mends. */
  waitsFor: z.enum(['room', 'host']).nullable().optional(),
  createdAt: timestamp,
  readyAt: timestamp.nullable(),
  endedAt: timestamp.nullable(),
  lastActivityAt: timestamp.nullable(),
  lastSavedAt: timestamp.nullable(),
  /** When it will be stopped for idleness if nothing happens. */
  idleStopAt: timestamp.nullable(),
  endReason: endReason.nullable(),
  failure: errorShape.extend({ stage: stepName.nullable(), isRetryable: z.boolean() }).nullable(),
})
export type SessionView = z.infer<typeof sessionView>

export const adminSessionView = sessionView.extend({ hostId: hostId.nullable(), userId: z.uuid() })
export type AdminSessionView = z.infer<typeof adminSessionView>
