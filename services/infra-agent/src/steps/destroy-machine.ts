import type { Step } from '../vm/plan.ts'
import { placeOf } from '../vm/record.ts'
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
      const { bootId } = context.record
      const place = placeOf(context.record)
      // A start that was called off may be about to make what is looked for here.
      await context.whenStill()
      progress()
      await driver.destroy({ session: place, bootId })
      progress()
      await volumes.remove(place)
      await context.update({ machine: null, endpoint: null })
      isDestroyed = true
    },
  }
}
