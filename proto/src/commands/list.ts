import { z } from 'zod'
import { sessionOnHost } from '../events/beat.ts'
import { defineCommand } from '../message.ts'

/** What the host really runs. The orchestrator heals from this, never from a memory of events. */
export const list = defineCommand('list', 'List every session a host knows.', {
  request: z.object({}),
  reply: z.object({ sessions: z.array(sessionOnHost).max(10_000) }),
})
