import type { Step } from '../vm/plan.ts'
import { placeOf } from '../vm/record.ts'
import type { SessionContext } from '../vm/session-context.ts'

export function createVolume(context: SessionContext): Step {
  const { volumes } = context.deps
  return {
    name: 'volume',
    failureCode: 'VOLUME_FAILED',
    isDone: () => volumes.exists(placeOf(context.record)),
    run: () => volumes.create(placeOf(context.record), context.record.spec),
  }
}
