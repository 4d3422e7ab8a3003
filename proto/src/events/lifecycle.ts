import { z } from 'zod'
import { errorCode } from '../error-shape.ts'
import { epoch, portNumber } from '../ids.ts'
import { endReason } from '../reasons.ts'
import { stepName } from '../steps.ts'

/** The machine answers, its files are complete, VS Code is up and the route is open. */
export const readyEvent = z.object({
  type: z.literal('ready'),
  epoch,
  ip: z.string().max(64),
  durationMs: z.int().nonnegative(),
})

/** Files are committed: they are the head, or kept beside it as a recovery version. */
export const savedEvent = z.object({
  type: z.literal('saved'),
  epoch,
  kind: z.enum(['checkpoint', 'final']),
  result: z.enum(['head', 'recovery', 'unchanged']),
  bytes: z.int().nonnegative(),
  entries: z.int().nonnegative(),
  durationMs: z.int().nonnegative(),
})

/** The machine is gone and nothing of it is left on the host. */
export const stoppedEvent = z.object({
  type: z.literal('stopped'),
  epoch,
  reason: endReason,
  isSaved: z.boolean(),
})

/** The run ended without reaching what was asked. */
export const failedEvent = z.object({
  type: z.literal('failed'),
  epoch,
  stage: stepName,
  code: errorCode,
  message: z.string().max(2_000),
  isRetryable: z.boolean(),
})

/** A save did not work this time. The machine and its disk stay; it is tried again. */
export const saveFailedEvent = z.object({
  type: z.literal('save-failed'),
  epoch,
  stage: stepName,
  code: errorCode,
  message: z.string().max(2_000),
  attempt: z.int().positive(),
  retryInMs: z.int().nonnegative(),
})

/** Ports the user's programs listen on, each with a preview host. */
export const portsEvent = z.object({
  type: z.literal('ports'),
  epoch,
  ports: z.array(z.object({ port: portNumber, process: z.string().max(200).nullable() })).max(200),
})

export const lifecycleEvent = z.discriminatedUnion('type', [
  readyEvent,
  savedEvent,
  stoppedEvent,
  failedEvent,
  saveFailedEvent,
  portsEvent,
])
export type LifecycleEvent = z.infer<typeof lifecycleEvent>

/** These reach a browser at once; everything else may wait for its batch. */
export const URGENT_EVENTS: readonly LifecycleEvent['type'][] = [
  'ready',
  'saved',
  'stopped',
  'failed',
  'save-failed',
]
