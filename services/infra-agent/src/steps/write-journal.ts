import { readIfThere } from '../host/files.ts'
import type { Step } from '../vm/plan.ts'
import type { SessionContext } from '../vm/session-context.ts'

/** The record stands on disk before anything else exists of the session. */
export function writeJournal(context: SessionContext): Step {
  const { paths } = context.deps
  return {
    name: 'journal',
    failureCode: 'JOURNAL_FAILED',
    isDone: async () => (await readIfThere(paths.record(context.record.session))) !== null,
    run: () => context.update({}),
  }
}
