import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { type Caller, OWNER } from './db/database.ts'
import { type Server, startServer } from './server.ts'

/** The migrations of Vessel, seen from this file. */
export const VESSEL_MIGRATIONS_DIR = fileURLToPath(
  new URL('../../../supabase/migrations', import.meta.url),
)

export interface StartOptions {
  /** Kept after `stop`. Without it a temporary one is made and removed. */
  readonly dataDir?: string
  /** `null`: no migrations, an empty Supabase. */
  readonly migrationsDir?: string | null
  readonly cacheDir?: string
  readonly port?: number
  readonly accessTokenLifetimeS?: number
  readonly uploadUrlLifetimeS?: number
  readonly fileBytesMax?: number
  readonly statementTimeoutMs?: number
  /** Offers `POST /__faults`. */
  readonly isFaulty?: boolean
  readonly logLevel?: 'debug' | 'info' | 'warn' | 'error' | 'silent'
}

export interface LocalSupabase {
  readonly url: string
  readonly anonKey: string
  readonly serviceRoleKey: string
  readonly dataDir: string
  /** Runs SQL as the owner of the database, or as a role with claims: for tests only. */
  sql<R = Record<string, unknown>>(
    text: string,
    params?: readonly unknown[],
    as?: Pick<Caller, 'role' | 'claims'>,
  ): Promise<R[]>
  /** Runs a script as the owner and looks at the schema again. */
  script(text: string): Promise<void>
  stop(): Promise<void>
}

function handleOf(server: Server, dataDir: string, dispose: () => Promise<void>): LocalSupabase {
  return {
    url: server.url,
    anonKey: server.keyring.anonKey,
    serviceRoleKey: server.keyring.serviceRoleKey,
    dataDir,
    sql: async <R>(
      text: string,
      params: readonly unknown[] = [],
      as: Pick<Caller, 'role' | 'claims'> = OWNER,
    ) => server.database.transaction({ ...as, queueKey: 'sql' }, (tx) => tx.query<R>(text, params)),
    script: async (text) => {
      await server.database.transaction(OWNER, (tx) => tx.script(text))
      await server.reloadCatalog()
    },
    stop: async () => {
      await server.stop()
      await dispose()
    },
  }
}

/** Starts the stand-in within this process, on a free port: the neighbour of integration tests. */
export async function startSupabase(options: StartOptions = {}): Promise<LocalSupabase> {
  const isTemporary = options.dataDir === undefined
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'vessel-supabase-')))
  const dispose = async (): Promise<void> => {
    if (isTemporary) await rm(dataDir, { recursive: true, force: true })
  }
  try {
    const server = await startServer({
      host: '127.0.0.1',
      port: options.port ?? 0,
      dataDir,
      migrationsDir:
        options.migrationsDir === undefined ? VESSEL_MIGRATIONS_DIR : options.migrationsDir,
      cacheDir: options.cacheDir ?? null,
      publicUrl: null,
      statementTimeoutMs: options.statementTimeoutMs ?? 15_000,
      keys: {},
      settings: {
        siteUrl: 'http://localhost:3000',
        allowedOrigins: ['*'],
        accessTokenLifetimeS: options.accessTokenLifetimeS ?? 3_600,
        fileBytesMax: options.fileBytesMax ?? 5 * 1024 ** 3,
        uploadUrlLifetimeS: options.uploadUrlLifetimeS ?? 7_200,
        isFaulty: options.isFaulty === true,
      },
      log: pino({ level: options.logLevel ?? 'warn' }),
      now: () => Date.now(),
    })
    return handleOf(server, dataDir, dispose)
  } catch (error) {
    await dispose()
    throw error
  }
}
