import { z } from 'zod'
import { hostId, timestamp } from '../ids.ts'
import { adminSessionView } from './session-view.ts'

export const hostView = z.object({
  id: hostId,
  isAlive: z.boolean(),
  isDraining: z.boolean(),
  driver: z.string(),
  isIsolated: z.boolean(),
  agentVersion: z.string(),
  lastBeatAt: timestamp,
  sessionCount: z.int().nonnegative(),
  capacity: z.object({
    cpuTotal: z.number(),
    cpuReserved: z.number(),
    memoryMibTotal: z.number(),
    memoryMibReserved: z.number(),
    diskMibTotal: z.number(),
    diskMibFree: z.number(),
    vmMax: z.number(),
  }),
})
export type HostView = z.infer<typeof hostView>
export const listHostsReply = z.object({ items: z.array(hostView) })
export const adminSessionsReply = z.object({
  items: z.array(adminSessionView),
  nextCursor: z.string().nullable(),
})
export const adminStatsReply = z.object({
  hosts: z.int().nonnegative(),
  /** Live ones by state, at any number of them. */
  sessions: z.record(z.string(), z.int().nonnegative()),
  /** Of the copy that answers; topic `admin` tells of all. */
  sockets: z.int().nonnegative(),
  users: z.int().nonnegative().optional(),
})
export const drainReply = z.object({ hostId, isDraining: z.boolean() })
