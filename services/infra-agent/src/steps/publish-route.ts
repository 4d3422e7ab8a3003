import type { Step } from '../vm/plan.ts'
import type { SessionContext } from '../vm/session-context.ts'

export function publishRoute(context: SessionContext): Step {
  const { routes } = context.deps
  return {
    name: 'route',
    failureCode: 'ROUTE_FAILED',
    isDone: () => routes.isPublished(context.record),
    run: () => routes.publish(context.record),
  }
}
