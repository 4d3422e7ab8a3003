import type { SupabaseClient } from '@supabase/supabase-js'
import type { ArchiveFormat } from '@vessel/proto/archive'
import type { HostId, SessionId } from '@vessel/proto/ids'
import { z } from 'zod'
import { rowsOf, scalarOf } from './client.ts'
import { type Archive, archiveRow } from './rows.ts'

export interface ExpectedArchive {
  readonly session: SessionId
  readonly host: HostId
  readonly epoch: number
  readonly seq: number
  readonly path: string
  readonly sha256: string
  readonly bytes: number
  readonly format: ArchiveFormat
}
export interface Commit {
  readonly session: SessionId
  readonly epoch: number
  readonly seq: number
  readonly path: string
  readonly entries: number
  readonly unpackedBytes: number
  readonly isCheckpoint: boolean
}

export interface ArchiveStore {
  /** Notes an archive before it is uploaded, so that no object is without a row. */
  expect(archive: ExpectedArchive): Promise<void>
  find(path: string): Promise<Archive | null>
  /** Compare-and-set of the head; a late one becomes a recovery version. */
  commit(commit: Commit): Promise<'head' | 'recovery'>
}

export function createArchiveStore(db: SupabaseClient): ArchiveStore {
  return {
    async expect(archive) {
      const args = {
        p_session: archive.session,
        p_host: archive.host,
        p_epoch: archive.epoch,
        p_seq: archive.seq,
        p_path: archive.path,
        p_sha256: archive.sha256,
        p_bytes: archive.bytes,
        p_format: archive.format,
      }
      await rowsOf(archiveRow, db.rpc('archive_expect', args))
    },
    async find(path) {
      const query = db.from('archives').select('*').eq('path', path).limit(1)
      return (await rowsOf(archiveRow, query))[0] ?? null
    },
    commit: (commit) =>
      scalarOf(
        z.enum(['head', 'recovery']),
        db.rpc('head_commit', {
          p_session: commit.session,
          p_epoch: commit.epoch,
          p_seq: commit.seq,
          p_path: commit.path,
          p_entries: commit.entries,
          p_unpacked_bytes: commit.unpackedBytes,
          p_is_checkpoint: commit.isCheckpoint,
        }),
      ),
  }
}
