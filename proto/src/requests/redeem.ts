import { z } from 'zod'
import { projectSlug } from '../ids.ts'
import { defineRequest } from '../message.ts'

/** Trades a one-time code for a signed ticket. A code works once and only on its own host name. */
export const redeem = defineRequest('redeem', 'Trade a one-time code for a ticket.', {
  request: z.object({ code: z.string().min(20).max(200), slug: projectSlug }),
  reply: z.object({ ticket: z.string().max(4_096), maxAgeS: z.int().positive() }),
})

export const CODE_TTL_MS = 60_000
export const TICKET_TTL_MS = 12 * 3_600_000
