import { VesselError } from '@vessel/proto/errors'
import { sessionView } from '@vessel/proto/http/session-view'
import { type ProjectId, userId } from '@vessel/proto/ids'
import { parseJson } from '@vessel/proto/parse'
import type { Redis } from 'ioredis'
import { z } from 'zod'
import type { Log } from '../ports.ts'
import type { StatusCache } from '../sessions/status-cache.ts'
import { ask } from './redis.ts'

/**
 * How long a view is believed without being said anew. It bounds how old a polled status can be
 * when the copy that changed the state died before it said so.
 */
const BELIEVED_MS = 5_000

const entry = z.object({ userId, session: sessionView })

export function createLiveSessions(redis: Redis, log: Log): StatusCache {
  const keyOf = (projectId: ProjectId) => `vessel:live:${projectId}`
  const harmless = (err: unknown) => log.debug({ err }, 'live session not cached')
  return {
    async put(owner, session) {
      const value = JSON.stringify({ userId: owner, session })
      await ask(redis.set(keyOf(session.projectId), value, 'PX', BELIEVED_MS)).catch(harmless)
    },
    async get(owner, projectId) {
      try {
        const value = await ask(redis.get(keyOf(projectId)))
        const found = value === null ? null : parseJson(entry, value)
        return found?.userId === owner ? found.session : null
      } catch (thrown) {
        if (VesselError.from(thrown).code !== 'CACHE_DOWN') harmless(thrown)
        return null
      }
    },
    async drop(projectId) {
      await ask(redis.del(keyOf(projectId))).catch(harmless)
    },
  }
}
