import { mkdir, stat } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { type AppSettings, createApp } from './app.ts'
import { lockDataDir } from './db/data-dir-lock.ts'
import { type Database, OWNER, openDatabase } from './db/database.ts'
import { migrate, readMigrations } from './db/migrate.ts'
import { createDataDir } from './db/snapshot.ts'
import { type GivenKeys, type Keyring, loadKeyring } from './keys/keyring.ts'
import { type Catalog, loadCatalog } from './rest/catalog.ts'
import { ObjectFiles } from './storage/object-files.ts'

export interface ServerOptions {
  readonly host: string
  readonly port: number
  readonly dataDir: string
  readonly migrationsDir: string | null
  readonly cacheDir: string | null
  readonly publicUrl: string | null
  readonly statementTimeoutMs: number
  readonly keys: GivenKeys
  readonly settings: AppSettings
  readonly log: Logger
  readonly now: () => number
}

export interface Server {
  readonly url: string
  readonly port: number
  readonly keyring: Keyring
  readonly database: Database
  /** Looks at the schema again, after it was changed behind our back. */
  reloadCatalog(): Promise<void>
  stop(): Promise<void>
}

async function isFolder(path: string): Promise<boolean> {
  const info = await stat(path).catch(() => null)
  return info?.isDirectory() === true
}

async function openMigrated(options: ServerOptions): Promise<Database> {
  const { dataDir, statementTimeoutMs, log } = options
  const pgDir = join(dataDir, 'pg')
  const migrations = await readMigrations(options.migrationsDir)
  if (!(await isFolder(pgDir))) {
    const cacheDir = options.cacheDir ?? join(homedir(), '.cache', 'vessel', 'supabase')
    await createDataDir(pgDir, { cacheDir, migrations, statementTimeoutMs })
  }
  const database = await openDatabase({ dataDir: pgDir, statementTimeoutMs })
  try {
    const applied = await migrate(database, migrations)
    if (applied.length > 0) log.info({ migrations: applied }, 'migrations applied')
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}

async function sweepFiles(database: Database, files: ObjectFiles, log: Logger): Promise<void> {
  const rows = await database.transaction(OWNER, (tx) =>
    tx.query<{ version: string }>('select version from storage.objects'),
  )
  const known = new Set(rows.map(({ version }) => version))
  const removed = await files.sweep((version) => known.has(version))
  const uploads = await database.transaction(OWNER, (tx) =>
    tx.query<{ id: string }>('select id::text as id from vessel_local.uploads'),
  )
  const open = new Set(uploads.map(({ id }) => id))
  await files.sweepUploads((id) => open.has(id))
  if (removed > 0) log.info({ removed }, 'unfinished uploads removed')
}

/** Opens the data directory and serves it. What was opened is closed when a later step fails. */
export async function startServer(options: ServerOptions): Promise<Server> {
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 })
  const cleanups: (() => Promise<void>)[] = [await lockDataDir(options.dataDir)]
  const stop = async (): Promise<void> => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  }
  try {
    const database = await openMigrated(options)
    cleanups.push(() => database.close())
    const files = new ObjectFiles(options.dataDir)
    await files.prepare()
    await sweepFiles(database, files, options.log)
    const keyring = await loadKeyring(options.dataDir, options.keys)
    let catalog: Catalog = await loadCatalog(database)
    let url = ''
    const app = await createApp({
      ...{ database, files, keyring, log: options.log, now: options.now },
      ...{ catalog: () => catalog, settings: options.settings },
      publicUrl: () => options.publicUrl ?? url,
    })
    cleanups.push(() => app.close())
    const listenTextResolver = (): string => 'socket bound'
    await app.listen({ host: options.host, port: options.port, listenTextResolver })
    const { port } = app.server.address() as AddressInfo
    url = `http://${options.host}:${port}`
    const reloadCatalog = async (): Promise<void> => {
      catalog = await loadCatalog(database)
    }
    return { url, port, keyring, database, reloadCatalog, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
