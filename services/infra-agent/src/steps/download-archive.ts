import type { Step } from '../vm/plan.ts'
import { placeOf } from '../vm/record.ts'
import type { SessionContext } from '../vm/session-context.ts'
import { healthOf } from './wait-for-guest.ts'

/**
 * Brings the archive to the host, where its bytes are checked before the machine sees them.
 * The host never looks inside: that is the guest's work.
 */
export function downloadArchive(context: SessionContext): Step {
  const { transfer, paths } = context.deps
  const file = () => {
    const { archive } = context.record
    return paths.source(placeOf(context.record), archive?.format ?? 'zip')
  }
  return {
    name: 'download',
    failureCode: 'DOWNLOAD_FAILED',
    async isDone(signal) {
      if (context.record.archive === null) return true
      if ((await healthOf(context, signal))?.workspace === 'ready') return true
      return transfer.isDownloaded(context.record, file())
    },
    async run({ signal, progress }) {
      await transfer.download(context.record, file(), {
        onBytes: (done, total) => progress({ fraction: total === 0 ? 1 : done / total }),
        signal,
      })
    },
  }
}
