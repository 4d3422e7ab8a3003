import { pino } from 'pino'
import { ConfigInvalid, readConfig } from './config.ts'
import { startServer } from './server.ts'

/** Requests under way get this long at a stop; what is committed is safe at any time. */
const STOP_TIMEOUT_MS = 10_000

const log = pino({ level: process.env.LOG_LEVEL || 'info', base: { service: 'local-supabase' } })

async function main(): Promise<void> {
  const config = readConfig(process.env)
  const server = await startServer({
    host: config.SUPABASE_HOST,
    port: config.SUPABASE_PORT,
    dataDir: config.SUPABASE_DATA_DIR,
    migrationsDir: config.SUPABASE_MIGRATIONS_DIR,
    cacheDir: config.SUPABASE_CACHE_DIR ?? null,
    publicUrl: config.SUPABASE_PUBLIC_URL ?? null,
    statementTimeoutMs: config.SUPABASE_STATEMENT_TIMEOUT_MS,
    keys: {
      anonKey: config.SUPABASE_ANON_KEY,
      serviceRoleKey: config.SUPABASE_SERVICE_ROLE_KEY,
      jwk: config.SUPABASE_JWT_JWK,
    },
    settings: {
      siteUrl: config.SUPABASE_SITE_URL,
      allowedOrigins: config.SUPABASE_ALLOWED_ORIGINS,
      accessTokenLifetimeS: config.SUPABASE_JWT_LIFETIME_S,
      fileBytesMax: config.SUPABASE_FILE_BYTES_MAX,
      uploadUrlLifetimeS: config.SUPABASE_UPLOAD_URL_LIFETIME_S,
      isFaulty: config.VESSEL_FAULTS,
    },
    log,
    now: () => Date.now(),
  })
  log.info({ port: server.port, url: server.url }, 'listening')

  let isStopping = false
  const stop = async (signal: string): Promise<void> => {
    if (isStopping) return
    isStopping = true
    log.info({ signal }, 'stopping')
    setTimeout(() => process.exit(1), STOP_TIMEOUT_MS).unref()
    await server.stop()
    log.info('stopped')
  }
  process.on('SIGTERM', (signal) => void stop(signal))
  process.on('SIGINT', (signal) => void stop(signal))
}

try {
  await main()
} catch (error) {
  if (error instanceof ConfigInvalid) log.fatal({ problem: error.message }, 'invalid configuration')
  else log.fatal({ err: error }, 'could not start')
  process.exitCode = 1
}
