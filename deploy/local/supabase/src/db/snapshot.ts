import { createHash, randomUUID } from 'node:crypto'
import { cpSync } from 'node:fs'
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { BASE_SQL } from './base-sql.ts'
import { type DatabaseOptions, OWNER, openDatabase } from './database.ts'
import { type Migration, migrate } from './migrate.ts'

/** Old states of the migrations pile up while they are being written, at some 40 MB each. */
const SNAPSHOTS_MAX = 6

/** Nothing here ever creates a database, and its templates are two thirds of the files to copy. */
const DROP_TEMPLATES = [
  'update pg_database set datistemplate = false',
  'drop database template0',
  'drop database template1',
  'checkpoint',
]

const require = createRequire(import.meta.url)

function engineVersion(): string {
  // The package exports no package.json, so it is found next to its entry.
  const entry = require.resolve('@electric-sql/pglite')
  const manifest = require(join(dirname(entry), '..', 'package.json')) as { version: string }
  return manifest.version
}

function keyOf(migrations: readonly Migration[]): string {
  const hash = createHash('sha256')
    .update(engineVersion())
    .update(BASE_SQL)
    .update(DROP_TEMPLATES.join(';'))
  for (const { name, sha256 } of migrations) hash.update(`\n${name} ${sha256}`)
  return hash.digest('hex').slice(0, 24)
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

/** A thousand small files: 50 ms in one go, a second when each of them waits for the loop. */
function copyDir(from: string, to: string): void {
  cpSync(from, to, { recursive: true })
}

/** Builds in a folder of its own and moves it into place, so that a half-made one is never seen. */
async function build(target: string, fill: (dir: string) => Promise<void>): Promise<void> {
  const draft = `${target}.${randomUUID()}.draft`
  try {
    await fill(draft)
    await rename(draft, target)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    // Somebody else finished the same snapshot first.
    if (!(await exists(target))) throw error
  }
}

async function prune(cacheDir: string): Promise<void> {
  const names = await readdir(cacheDir)
  const dated = await Promise.all(
    names.map(async (name) => {
      const path = join(cacheDir, name)
      const info = await stat(path).catch(() => null)
      return { path, usedAtMs: info?.mtimeMs ?? 0 }
    }),
  )
  const old = dated.sort((a, b) => b.usedAtMs - a.usedAtMs).slice(SNAPSHOTS_MAX)
  await Promise.all(old.map(({ path }) => rm(path, { recursive: true, force: true })))
}

export interface SnapshotOptions {
  readonly cacheDir: string
  readonly migrations: readonly Migration[]
  readonly statementTimeoutMs: number
}

/**
 * Makes a data directory with the base and the migrations in it. Creating a database takes seconds
 * and copying one takes 50 ms, so each state is made once and kept in the cache folder.
 */
export async function createDataDir(dataDir: string, options: SnapshotOptions): Promise<void> {
  const { cacheDir, migrations, statementTimeoutMs } = options
  await mkdir(cacheDir, { recursive: true })
  const base = join(cacheDir, keyOf([]))
  const full = join(cacheDir, keyOf(migrations))
  const within = (dir: string): DatabaseOptions => ({ dataDir: dir, statementTimeoutMs })
  if (!(await exists(full))) {
    if (!(await exists(base))) await build(base, (dir) => fillBase(within(dir)))
    if (full !== base) {
      await build(full, async (dir) => {
        copyDir(base, dir)
        await fillMigrations(within(dir), migrations)
      })
    }
    await prune(cacheDir)
  }
  copyDir(full, dataDir)
  const now = new Date()
  await utimes(full, now, now).catch(() => undefined)
}

async function fillBase(options: DatabaseOptions): Promise<void> {
  const database = await openDatabase(options)
  try {
    await database.transaction(OWNER, (tx) => tx.script(BASE_SQL))
    for (const sql of DROP_TEMPLATES) await database.maintain(sql)
  } finally {
    await database.close()
  }
}

async function fillMigrations(
  options: DatabaseOptions,
  migrations: readonly Migration[],
): Promise<void> {
  const database = await openDatabase(options)
  try {
    await migrate(database, migrations)
  } finally {
    await database.close()
  }
}
