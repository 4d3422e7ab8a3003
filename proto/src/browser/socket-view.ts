import { z } from 'zod'
import { timestamp } from '../ids.ts'
import { deliveryCounters } from './delivery-counters.ts'

/** Sockets that one copy of the orchestrator tells of at a time: those in most trouble first. */
export const SOCKETS_SHOWN_MAX = 50

/** One browser's connection, for those who run the place. */
export const socketView = z.object({
  id: z.uuid(),
  /** Null until it has said who it is. */
  userId: z.uuid().nullable(),
  openedAt: timestamp,
  topics: z.int().nonnegative(),
  counters: deliveryCounters,
})
export type SocketView = z.infer<typeof socketView>

/** The connections of one copy of the orchestrator, repeated every few seconds. */
export const copySockets = z.object({
  copy: z.uuid(),
  at: timestamp,
  total: z.int().nonnegative(),
  sockets: z.array(socketView).max(SOCKETS_SHOWN_MAX),
})
export type CopySockets = z.infer<typeof copySockets>
