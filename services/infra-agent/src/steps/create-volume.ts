import type { Step } from '../vm/plan.ts'
import type { SessionContext } from '../vm/session-context.ts'

export function createVolume(context: SessionContext): Step {
  const { volumes } = context.deps
  return {
    name: 'volume',
    failureCode: 'VOLUME_FAILED',
    isDone: () => volumes.exists(context.record.session),
    run: () => volumes.create(context.record.session, context.record.spec),
  }
}
