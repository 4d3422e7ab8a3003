import { VesselError } from '@vessel/proto/errors'
import { Redis } from 'ioredis'
import type { Log } from '../ports.ts'

const CONNECT_TIMEOUT_MS = 5_000
/** The cache answers at once or is taken for absent. */
const COMMAND_TIMEOUT_MS = 1_000
const RETRY_MS_MAX = 2_000
const RETRY_STEP_MS = 100

/** Connects, and again for ever; a command while it is away fails at once. */
export function connectRedis(url: string, log: Log): Redis {
  const redis = new Redis(url, {
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    lazyConnect: false,
    retryStrategy: (tries) => Math.min(RETRY_MS_MAX, tries * RETRY_STEP_MS),
  })
  redis.on('error', (err: Error) => log.warn({ err: err.message }, 'cache reported an error'))
  return redis
}

/** A command of the cache, or CACHE_DOWN. */
export async function ask<T>(command: Promise<T>): Promise<T> {
  try {
    return await command
  } catch (cause) {
    throw new VesselError('CACHE_DOWN', { cause, retryAfterMs: 1_000 })
  }
}
