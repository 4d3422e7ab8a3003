import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LocalSupabase, startSupabase } from '@vessel/local-supabase/start'
import { pino } from 'pino'
import { readConfig } from '../../../src/config.ts'
import { startOrchestrator } from '../../../src/orchestrator.ts'
import { startRedis } from '../../core/support/redis-server.ts'
import { startNats } from '../../hub/support/nats-server.ts'
import { ORIGIN, TEMPLATES_DIR } from './http-stack.ts'
import { makeUser, type TestUser } from './users.ts'

export interface Whole {
  readonly url: string
  readonly metricsUrl: string
  readonly ann: TestUser
  readonly supabase: LocalSupabase
  readonly redisUrl: string
  /** Starts one more copy beside the first; its address. */
  addCopy(): Promise<string>
  stop(): Promise<void>
}

const at = (port: number) => `http://127.0.0.1:${port}`

async function writeTicketKeys(folder: string): Promise<string> {
  const { kty, crv, x, d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  const file = join(folder, 'ticket-keys.json')
  await writeFile(file, JSON.stringify({ keys: [{ kid: 'test', kty, crv, x, d }] }))
  return file
}

/** The orchestrator as `main.ts` runs it, with its real neighbours and no host. */
export async function startWhole(): Promise<Whole> {
  const releases: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const release of releases.splice(0).reverse()) await release()
  }
  const kept = <T extends { stop(): Promise<unknown> }>(started: T): T => {
    releases.push(() => started.stop())
    return started
  }
  try {
    const folder = await mkdtemp(join(tmpdir(), 'vessel-whole-'))
    releases.push(() => rm(folder, { recursive: true, force: true }))
    const supabase = kept(await startSupabase({ logLevel: 'silent' }))
    const redis = kept(await startRedis())
    const config = readConfig({
      PORT: '0',
      METRICS_PORT: '0',
      NATS_URL: kept(await startNats()).url,
      REDIS_URL: redis.url,
      SUPABASE_URL: supabase.url,
      SUPABASE_ANON_KEY: supabase.anonKey,
      SUPABASE_SERVICE_ROLE_KEY: supabase.serviceRoleKey,
      TICKET_KEY_FILE: await writeTicketKeys(folder),
      DASHBOARD_URL: ORIGIN,
      WORKSPACE_BASE_URL: 'http://localhost:4180',
      TEMPLATES_DIR,
      SOCKET_DRAIN_MS: '0',
      LEAVE_NOTICE_MS: '0',
    })
    const start = async () => kept(await startOrchestrator(config, pino({ level: 'silent' })))
    const first = await start()
    return {
      url: at(first.port),
      metricsUrl: at(first.metricsPort),
      ann: await makeUser(supabase, 'ann@example.com'),
      supabase,
      redisUrl: redis.url,
      addCopy: async () => at((await start()).port),
      stop,
    }
  } catch (thrown) {
    await stop()
    throw thrown
  }
}
