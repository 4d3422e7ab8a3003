import type { Redis } from 'ioredis'
import type { CodeStore } from '../tickets/tickets.ts'
import { ask } from './redis.ts'

export function createCodeStore(redis: Redis): CodeStore {
  return {
    async put(key, value, ttlMs) {
      await ask(redis.set(key, value, 'PX', ttlMs))
    },
    take: (key) => ask(redis.getdel(key)),
  }
}
