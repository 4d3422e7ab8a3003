import type { Step } from '../vm/plan.ts'
import type { SessionContext } from '../vm/session-context.ts'

/** Ends the machine, then its disk. Both look afterwards whether anything is left. */
export function destroyMachine(context: SessionContext): Step {
  const { driver, volumes } = context.deps
  let isDestroyed = false
  return {
    name: 'destroy',
    failureCode: 'DESTROY_FAILED',
    isDone: async () => isDestroyed,
    async run({ progress }) {
      const { session, bootId } = context.record
      await driver.destroy({ session, bootId })
      progress()
      await volumes.remove(session)
      await context.update({ machine: null, endpoint: null })
      isDestroyed = true
    },
  }
}
