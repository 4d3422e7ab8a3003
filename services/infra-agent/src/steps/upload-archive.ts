import type { Step } from '../vm/plan.ts'
import type { SessionContext } from '../vm/session-context.ts'

/** Nothing is packed any more once it is committed, or it is what is committed already. */
export const isCommitted = (context: SessionContext): boolean => {
  const { pending, committed } = context.record
  return pending === null || pending.sha256 === committed?.sha256
}

export function uploadArchive(context: SessionContext): Step {
  const { transfer } = context.deps
  return {
    name: 'upload',
    failureCode: 'UPLOAD_FAILED',
    isDone: async () => isCommitted(context) || context.record.pending?.storedPath !== null,
    async run({ signal, progress }) {
      const storedPath = await transfer.upload(context.record, {
        onBytes: (done, total) => progress({ fraction: total === 0 ? 1 : done / total }),
        signal,
      })
      const { pending } = context.record
      if (pending) await context.update({ pending: { ...pending, storedPath } })
    },
  }
}
