import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { VesselError } from '@vessel/proto/errors'
import type { SessionId } from '@vessel/proto/ids'
import { parseJson, parseValue } from '@vessel/proto/parse'
import { syncFolder, writeDurably } from '../host/files.ts'
import type { Paths } from '../paths.ts'
import type { Journal, Log } from '../vm/ports.ts'
import { type VmRecord, vmRecord } from '../vm/record.ts'

export interface JournalOnDisk extends Journal {
  load(): Promise<VmRecord[]>
}

/**
 * One file per VM. A record is checked by its schema both when it is read and before it is written,
 * so that a bug in the agent cannot leave a record it will not understand after a restart.
 */
export function createJournal(deps: { paths: Paths; log: Log }): JournalOnDisk {
  const { paths, log } = deps
  // Writes of one session follow each other: the last one asked for is the one that stays.
  const tails = new Map<SessionId, Promise<unknown>>()

  async function inOrder<T>(session: SessionId, work: () => Promise<T>): Promise<T> {
    const before = tails.get(session) ?? Promise.resolve()
    const mine = before.then(work, work)
    tails.set(session, mine)
    try {
      return await mine
    } finally {
      if (tails.get(session) === mine) tails.delete(session)
    }
  }

  return {
    async load() {
      await mkdir(paths.journalDir, { recursive: true, mode: 0o700 })
      const names = (await readdir(paths.journalDir)).filter((name) => name.endsWith('.json'))
      const records: VmRecord[] = []
      for (const name of names) {
        const file = join(paths.journalDir, name)
        try {
          const record = parseJson(vmRecord, await readFile(file))
          if (name !== basename(paths.record(record.session))) throw new Error('misnamed record')
          records.push(record)
        } catch (thrown) {
          await setAside(paths, file)
          log.error({ file: name, err: thrown }, 'journal record set aside')
        }
      }
      return records
    },

    async write(record) {
      const text = JSON.stringify(parseValue(vmRecord, record))
      try {
        await inOrder(record.session, () => writeDurably(paths.record(record.session), text))
      } catch (cause) {
        throw new VesselError('JOURNAL_FAILED', { cause })
      }
    },

    async remove(session) {
      await inOrder(session, async () => {
        await rm(paths.record(session), { force: true })
        await syncFolder(paths.journalDir)
      })
    },
  }
}

/** Kept for a person to look at: it may name a machine whose files are not saved yet. */
async function setAside(paths: Paths, file: string): Promise<void> {
  await mkdir(paths.setAsideDir, { recursive: true, mode: 0o700 })
  await rename(file, join(paths.setAsideDir, `${Date.now()}-${basename(file)}`))
}
