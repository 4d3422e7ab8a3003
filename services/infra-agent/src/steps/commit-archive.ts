import { VesselError } from '@vessel/proto/errors'
import type { CommitReply } from '@vessel/proto/requests/commit'
import type { Step } from '../vm/plan.ts'
import { formatOf } from '../vm/record.ts'
import type { SessionContext } from '../vm/session-context.ts'
import { isCommitted } from './upload-archive.ts'

/** Asked again within the step: another orchestrator may answer where one just went. */
const TRIES_MAX = 5
const RETRY_MS = 1_000

export interface CommitWatch {
  onCommitted(result: CommitReply['result']): void
}

/** Makes the archive final. Until the yes, whatever happens, the volume stays. */
export function commitArchive(context: SessionContext, watch: CommitWatch): Step {
  const { orchestrator, clock } = context.deps

  async function ask(signal: AbortSignal): Promise<CommitReply> {
    const { session, epoch, pending } = context.record
    if (!pending?.storedPath) throw new VesselError('INTERNAL', { detail: 'nothing is uploaded' })
    const { seq, kind, storedPath: path, sha256, bytes, entries, unpackedBytes } = pending
    const format = formatOf(pending)
    return orchestrator.ask(
      'commit',
      { session, epoch, seq, kind, path, sha256, bytes, format, entries, unpackedBytes },
      signal,
    )
  }

  /** A refusal may mean that the object is not what we think: the next try uploads it again. */
  async function forgetUpload(): Promise<void> {
    const { pending } = context.record
    if (pending) await context.update({ pending: { ...pending, storedPath: null } })
  }

  return {
    name: 'commit',
    failureCode: 'COMMIT_FAILED',
    isDone: async () => isCommitted(context),
    async run({ signal, progress }) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          const { result } = await ask(signal)
          const { pending } = context.record
          if (!pending) return
          watch.onCommitted(result)
          const committed = { sha256: pending.sha256, changeCount: pending.changeCount }
          await context.update({ committed })
          return
        } catch (thrown) {
          signal.throwIfAborted()
          const error = VesselError.from(thrown, 'COMMIT_FAILED')
          if (error.kind !== 'unavailable') await forgetUpload()
          if (error.kind !== 'unavailable' || attempt >= TRIES_MAX) throw error
          progress()
          await clock.sleep(RETRY_MS, signal)
        }
      }
    },
  }
}
