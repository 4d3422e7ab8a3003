import Fastify, { type FastifyInstance, LogController } from 'fastify'
import type { Logger } from 'pino'
import { AdminService } from './auth/admin-service.ts'
import { AuthService } from './auth/auth-service.ts'
import { RecoveryService } from './auth/recovery-service.ts'
import { authRoutes } from './auth/routes.ts'
import type { Database } from './db/database.ts'
import { registerFaults } from './faults/fault-hooks.ts'
import { registerCors } from './http/cors.ts'
import { healthRoutes } from './http/health-routes.ts'
import type { Keyring } from './keys/keyring.ts'
import type { Catalog } from './rest/catalog.ts'
import { createRestService } from './rest/rest-service.ts'
import { restRoutes } from './rest/routes.ts'
import type { ObjectFiles } from './storage/object-files.ts'
import { storageRoutes } from './storage/routes.ts'
import { StorageService } from './storage/storage-service.ts'
import { UrlTokens } from './storage/url-tokens.ts'

/** A URL as long as storage-js and postgrest-js ever make one. */
const URL_SEGMENT_MAX = 2_000

export interface AppDeps {
  readonly database: Database
  readonly catalog: () => Catalog
  readonly files: ObjectFiles
  readonly keyring: Keyring
  readonly log: Logger
  readonly now: () => number
  /** The address clients use, known once the server listens. */
  readonly publicUrl: () => string
  readonly settings: AppSettings
}

export interface AppSettings {
  readonly siteUrl: string
  readonly allowedOrigins: readonly string[]
  readonly accessTokenLifetimeS: number
  readonly fileBytesMax: number
  readonly uploadUrlLifetimeS: number
  /** Whether tests may ask for faults. */
  readonly isFaulty: boolean
}

/** Everything but listening: each line below is one part of Supabase. */
export async function createApp(deps: AppDeps): Promise<FastifyInstance> {
  const { database, keyring, now, settings } = deps
  const app = Fastify({
    loggerInstance: deps.log,
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { maxParamLength: URL_SEGMENT_MAX },
    forceCloseConnections: true,
  }) as unknown as FastifyInstance
  const issuer = (): string => `${deps.publicUrl()}/auth/v1`
  const auth = new AuthService({
    ...{ database, keyring, now },
    issuer,
    accessTokenLifetimeS: settings.accessTokenLifetimeS,
  })
  const admin = new AdminService({ database, now })
  const rest = createRestService({ database, catalog: deps.catalog })
  const storage = new StorageService({
    ...{ database, files: deps.files, now },
    tokens: new UrlTokens(keyring.derive('storage-url'), now),
    fileBytesMax: settings.fileBytesMax,
    uploadUrlLifetimeS: settings.uploadUrlLifetimeS,
  })

  registerCors(app, settings.allowedOrigins)
  if (settings.isFaulty) registerFaults(app)
  await app.register(healthRoutes({ database }))
  const recovery = new RecoveryService({ database, authUrl: issuer, siteUrl: settings.siteUrl })
  await app.register(authRoutes({ service: auth, admin, keyring, recovery }), {
    prefix: '/auth/v1',
  })
  await app.register(restRoutes({ service: rest, keyring }), { prefix: '/rest/v1' })
  const { publicUrl } = deps
  const { fileBytesMax } = settings
  await app.register(storageRoutes({ service: storage, keyring, fileBytesMax, publicUrl }), {
    prefix: '/storage/v1',
  })
  return app
}
