import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SupabaseClient } from '@supabase/supabase-js'
import { type LocalSupabase, startSupabase } from '@vessel/local-supabase/start'
import { ARCHIVE_BUCKET, archivePath } from '@vessel/proto/archive'
import { type ProjectId, projectId, type UserId, userId } from '@vessel/proto/ids'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { connectBus } from '../../../src/bus/connection.ts'
import { connectRedis } from '../../../src/cache/redis.ts'
import { readConfig } from '../../../src/config.ts'
import { buildCore, type Core } from '../../../src/core.ts'
import { createNatsSources } from '../../../src/hub/nats/sources.ts'
import { createStoreClient } from '../../../src/store/client.ts'
import { systemClock } from '../../../src/system-clock.ts'
import { readTicketSigner } from '../../../src/tickets/signer.ts'
import { startNats, type TestNats } from '../../hub/support/nats-server.ts'
import { HostStandIn } from './host-stand-in.ts'
import { startRedis, type TestRedis } from './redis-server.ts'

export interface RunningCore extends Core {
  /** An orderly end. */
  close(): Promise<void>
}

export interface Owner {
  readonly userId: UserId
  readonly projectId: ProjectId
}

/** Real bus, cache and database; hosts and orchestrators come and go as a test says. */
export class World {
  readonly supabase: LocalSupabase
  readonly nats: TestNats
  readonly db: SupabaseClient
  readonly #redis: TestRedis
  readonly #folder: string
  readonly #closers: (() => Promise<void>)[] = []

  private constructor(parts: {
    supabase: LocalSupabase
    nats: TestNats
    redis: TestRedis
    folder: string
  }) {
    this.supabase = parts.supabase
    this.nats = parts.nats
    this.#redis = parts.redis
    this.#folder = parts.folder
    this.db = createStoreClient({
      url: this.supabase.url,
      serviceRoleKey: this.supabase.serviceRoleKey,
    })
  }

  static async create(): Promise<World> {
    const folder = await mkdtemp(join(tmpdir(), 'vessel-core-'))
    const { privateKey } = generateKeyPairSync('ed25519')
    const { kty, crv, x, d } = privateKey.export({ format: 'jwk' })
    const keys = JSON.stringify({ keys: [{ kid: 'test', kty, crv, x, d }] })
    await writeFile(join(folder, 'ticket-keys.json'), keys, { mode: 0o600 })
    const [supabase, nats, redis] = await Promise.all([
      startSupabase({ logLevel: 'silent' }),
      startNats(),
      startRedis(),
    ])
    return new World({ supabase, nats, redis, folder })
  }

  async core(env: Record<string, string> = {}): Promise<RunningCore> {
    const log = pino({ level: process.env.VESSEL_TEST_LOG ?? 'silent' })
    const config = readConfig({
      NATS_URL: this.nats.url,
      REDIS_URL: this.#redis.url,
      SUPABASE_URL: this.supabase.url,
      SUPABASE_ANON_KEY: this.supabase.anonKey,
      SUPABASE_SERVICE_ROLE_KEY: this.supabase.serviceRoleKey,
      TICKET_KEY_FILE: join(this.#folder, 'ticket-keys.json'),
      DASHBOARD_URL: 'http://localhost:3000',
      WORKSPACE_BASE_URL: 'http://localhost:8080',
      TEMPLATES_DIR: '/nowhere',
      SESSIONS_PER_USER_MAX: '1000',
      MEMORY_MIB_PER_USER_MAX: '1000000000',
      ...env,
    })
    const bus = { urls: config.NATS_URL, nkeyFile: undefined, triesMax: 5 }
    const nc = await connectBus(bus, log)
    const redis = connectRedis(config.REDIS_URL, log)
    const clock = systemClock
    const { notifications } = await createNatsSources({ nc, clock, random: Math.random, log })
    const core = await buildCore({
      config,
      log,
      db: this.db,
      backgroundDb: this.db,
      nc,
      redis,
      signer: await readTicketSigner(config.TICKET_KEY_FILE),
      notifications,
      clock,
      driver: randomUUID(),
    })
    core.start()
    let isClosed = false
    const close = async () => {
      if (isClosed) return
      isClosed = true
      await core.stop()
      await nc.close()
      redis.disconnect()
    }
    this.#closers.push(close)
    return { ...core, close }
  }

  async host(id: string): Promise<HostStandIn> {
    const host = await HostStandIn.start(id, { servers: this.nats.url })
    this.#closers.push(() => host.stop())
    return host
  }

  /** A user with one project whose head is a real object. */
  async owner(): Promise<Owner> {
    const email = `${randomUUID()}@vessel.test`
    const { data, error } = await this.db.auth.admin.createUser({ email, password: randomUUID() })
    if (error) throw error
    const user = userId.parse(data.user.id)
    return { userId: user, projectId: await this.project(user) }
  }

  async project(owner: UserId): Promise<ProjectId> {
    const id = projectId.parse(randomUUID())
    const sha256 = 'a'.repeat(64)
    const path = archivePath({
      userId: owner,
      projectId: id,
      epoch: 1,
      seq: 1,
      sha256,
      format: 'zip',
    })
    const stored = await this.db.storage.from(ARCHIVE_BUCKET).upload(path, Buffer.from('zip'))
    if (stored.error) throw stored.error
    const { error } = await this.db.rpc('project_create', {
      p_id: id,
      p_user: owner,
      p_name: `Project ${id}`,
      p_slug: `p${id.slice(0, 8)}`,
      p_template: 'blank',
      p_settings: {},
      p_path: path,
      p_sha256: sha256,
      p_bytes: 3,
      p_entries: 1,
      p_unpacked_bytes: 3,
    })
    if (error) throw error
    return id
  }

  get redisUrl(): string {
    return this.#redis.url
  }

  async flushCache(): Promise<void> {
    const redis = new Redis(this.#redis.url)
    await redis.flushall()
    redis.disconnect()
  }

  /** Ends hosts, orchestrators and what they left undone, so that the next test begins anew. */
  async reset(): Promise<void> {
    for (const close of this.#closers.splice(0).reverse()) await close()
    await this.supabase.script(
      "update sessions set status = 'lost', queued_at = null; update projects set lease_until = null",
    )
  }

  async destroy(): Promise<void> {
    for (const close of this.#closers.splice(0).reverse()) await close()
    await Promise.all([this.supabase.stop(), this.nats.stop(), this.#redis.stop()])
    await rm(this.#folder, { recursive: true, force: true })
  }
}
