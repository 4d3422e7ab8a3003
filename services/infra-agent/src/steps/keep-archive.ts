import { createHash } from 'node:crypto'
import { rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { syncFolder } from '../host/files.ts'
import { writeSynced } from '../host/write-synced.ts'
import type { Step } from '../vm/plan.ts'
import { placeOf } from '../vm/record.ts'
import type { SessionContext } from '../vm/session-context.ts'
import { isCommitted } from './upload-archive.ts'

/** The commit of a session that was started by hand: its archive is put where it came from. */
export function keepArchive(context: SessionContext): Step {
  const { packed } = context.deps
  return {
    name: 'commit',
    failureCode: 'COMMIT_FAILED',
    isDone: async () => isCommitted(context),
    async run() {
      const { pending, local } = context.record
      if (!pending || !local) return
      const part = `${local.saveTo}.part`
      const reader = await packed.open(placeOf(context.record), pending)
      const hash = createHash('sha256')
      try {
        await writeSynced(part, async (write) => {
          for await (const chunk of reader.read(0, pending.bytes)) {
            hash.update(chunk)
            await write(chunk)
          }
        })
      } finally {
        await reader.close()
      }
      if (hash.digest('hex') !== pending.sha256) throw new Error('it is not what was packed')
      await rename(part, local.saveTo)
      await syncFolder(dirname(local.saveTo))
      const committed = { sha256: pending.sha256, changeCount: pending.changeCount }
      await context.update({ committed })
    },
  }
}
