import { createHash } from 'node:crypto'
import { copyFile, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { syncFolder } from '../host/files.ts'
import type { Step } from '../vm/plan.ts'
import { placeOf } from '../vm/record.ts'
import type { SessionContext } from '../vm/session-context.ts'
import { isCommitted } from './upload-archive.ts'

/** The commit of a session that was started by hand: its archive is put where it came from. */
export function keepArchive(context: SessionContext): Step {
  const { paths } = context.deps
  return {
    name: 'commit',
    failureCode: 'COMMIT_FAILED',
    isDone: async () => isCommitted(context),
    async run() {
      const { pending, local } = context.record
      if (!pending || !local) return
      const part = `${local.saveTo}.part`
      await copyFile(paths.packed(placeOf(context.record), pending.file), part)
      const written = createHash('sha256')
        .update(await readFile(part))
        .digest('hex')
      if (written !== pending.sha256) throw new Error('the copy is not what was packed')
      await rename(part, local.saveTo)
      await syncFolder(dirname(local.saveTo))
      const committed = { sha256: pending.sha256, changeCount: pending.changeCount }
      await context.update({ committed })
    },
  }
}
