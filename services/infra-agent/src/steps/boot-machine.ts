import type { Step } from '../vm/plan.ts'
import { placeOf } from '../vm/record.ts'
import type { SessionContext } from '../vm/session-context.ts'

/** Starts the machine, or finds the one an agent before us started. */
export function bootMachine(context: SessionContext): Step {
  const { driver } = context.deps
  return {
    name: 'boot',
    failureCode: 'BOOT_FAILED',
    async isDone() {
      const { machine } = context.record
      return machine !== null && (await driver.isAlive(machine))
    },
    async run({ signal }) {
      const { bootId, spec, token, environment } = context.record
      const order = { session: placeOf(context.record), bootId, spec, token, environment }
      const machine = await driver.create(order, signal)
      signal.throwIfAborted()
      await context.update({ machine, endpoint: null })
    },
  }
}
