import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Database, OWNER } from './database.ts'

export interface Migration {
  readonly name: string
  readonly sql: string
  readonly sha256: string
}

export async function readMigrations(folder: string | null): Promise<Migration[]> {
  if (folder === null) return []
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(folder, name), 'utf8')
      return { name, sql, sha256: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

/** Applies what is new, each file in one transaction. A file that changed since is an error. */
export async function migrate(
  database: Database,
  migrations: readonly Migration[],
): Promise<string[]> {
  const known = await database.transaction(OWNER, (tx) =>
    tx.query<{ name: string; sha256: string }>('select name, sha256 from vessel_local.migrations'),
  )
  const applied = new Map(known.map((row) => [row.name, row.sha256]))
  const fresh: string[] = []
  for (const migration of migrations) {
    const before = applied.get(migration.name)
    if (before === migration.sha256) continue
    if (before !== undefined) {
      throw new Error(
        `migration ${migration.name} was changed after it was applied; add a new one, or ` +
          'remove the data directory to start over',
      )
    }
    await applyOne(database, migration)
    fresh.push(migration.name)
  }
  return fresh
}

async function applyOne(database: Database, migration: Migration): Promise<void> {
  const { name, sql, sha256 } = migration
  try {
    await database.transaction(OWNER, async (tx) => {
      await tx.script(sql)
      await tx.execute('insert into vessel_local.migrations (name, sha256) values ($1, $2)', [
        name,
        sha256,
      ])
    })
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`migration ${name} failed: ${reason}`, { cause })
  }
}
