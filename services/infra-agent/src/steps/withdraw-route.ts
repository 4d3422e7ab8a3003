import type { Step } from '../vm/plan.ts'
import type { SessionContext } from '../vm/session-context.ts'

export function withdrawRoute(context: SessionContext): Step {
  const { routes } = context.deps
  let isWithdrawn = false
  return {
    name: 'unroute',
    failureCode: 'ROUTE_FAILED',
    isDone: async () => isWithdrawn,
    async run() {
      await routes.withdraw(context.record.session)
      isWithdrawn = true
    },
  }
}
