import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { z } from 'zod'
import type { Cluster } from './cluster.ts'
import { EDITS, parseEdits } from './edits-file.ts'

const projectRow = z.object({
  id: z.string(),
  head_epoch: z.number().nullable(),
  head_seq: z.number().nullable(),
  head_path: z.string().nullable(),
  head_sha256: z.string().nullable(),
  head_bytes: z.number().nullable(),
})
export type HeadRow = z.infer<typeof projectRow>

const sessionRow = z.object({
  id: z.string(),
  project_id: z.string(),
  status: z.string(),
  epoch: z.number().nullable(),
  host_id: z.string().nullable(),
  state_since: z.string(),
  deadline_at: z.string().nullable(),
})
export type SessionRow = z.infer<typeof sessionRow>

const archiveRow = z.object({
  path: z.string(),
  sha256: z.string(),
  bytes: z.number(),
  status: z.string(),
  epoch: z.number(),
  seq: z.number(),
})

/** An archive as it stands in storage, held against what the database says of it. */
export interface KeptArchive {
  readonly status: string
  readonly path: string
  readonly isWhole: boolean
  readonly lines: readonly number[]
}

const LIVE = ['requested', 'placing', 'starting', 'ready', 'saving']
const BUCKET = 'user-projects'

/** What the database and the file store hold: the judge of what users were told. */
export class Store {
  readonly #db: SupabaseClient

  constructor(cluster: Cluster) {
    this.#db = createClient(cluster.storeUrl, cluster.keys.serviceRoleKey, {
      auth: { persistSession: false },
    })
  }

  async headsOf(projects: readonly string[]): Promise<HeadRow[]> {
    const columns = Object.keys(projectRow.shape).join(',')
    const query = this.#db.from('projects').select(columns).in('id', projects)
    return z.array(projectRow).parse((await query.throwOnError()).data)
  }

  async liveSessions(): Promise<SessionRow[]> {
    const columns = Object.keys(sessionRow.shape).join(',')
    const query = this.#db.from('sessions').select(columns).in('status', LIVE)
    return z.array(sessionRow).parse((await query.throwOnError()).data)
  }

  /** Every archive a person can still get at: the head, earlier ones, recovery versions. */
  async archivesOf(project: string): Promise<KeptArchive[]> {
    const columns = Object.keys(archiveRow.shape).join(',')
    const query = this.#db.from('archives').select(columns).eq('project_id', project)
    const rows = z.array(archiveRow).parse((await query.throwOnError()).data)
    const kept = rows.filter(({ status }) => ['head', 'earlier', 'recovery'].includes(status))
    return Promise.all(kept.map((row) => this.#look(row)))
  }

  async #look(row: z.infer<typeof archiveRow>): Promise<KeptArchive> {
    const { status, path } = row
    const { data } = await this.#db.storage.from(BUCKET).download(path)
    if (!data) return { status, path, isWhole: false, lines: [] }
    const bytes = Buffer.from(await data.arrayBuffer())
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const isWhole = sha256 === row.sha256 && bytes.length === row.bytes
    return { status, path, isWhole, lines: isWhole ? await editsIn(bytes) : [] }
  }
}

const NOT_IN_ARCHIVE = 11

/** Opened with a tool that knows nothing of Vessel. */
async function editsIn(archive: Buffer): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), 'vessel-archive-'))
  try {
    const file = join(folder, 'archive.zip')
    await writeFile(file, archive)
    const { stdout } = await promisify(execFile)('unzip', ['-p', file, EDITS])
    return parseEdits(stdout)
  } catch (error) {
    if ((error as { code?: number }).code === NOT_IN_ARCHIVE) return []
    throw error
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
