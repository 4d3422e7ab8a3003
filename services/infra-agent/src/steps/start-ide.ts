import { VesselError } from '@vessel/proto/errors'
import type { Step } from '../vm/plan.ts'
import { guestOf, type SessionContext } from '../vm/session-context.ts'
import { healthOf } from './wait-for-guest.ts'

const LOOK_EVERY_MS = 150

export async function bringIdeUp(context: SessionContext, signal: AbortSignal): Promise<void> {
  const { guest, clock } = context.deps
  await guest.startIde(guestOf(context.record), signal)
  for (;;) {
    const health = await healthOf(context, signal)
    if (health?.ide === 'up') return
    if (health?.ide === 'failed') {
      throw new VesselError('IDE_FAILED', { detail: 'the guest reports that it failed' })
    }
    await clock.sleep(LOOK_EVERY_MS, signal)
  }
}

/** Up means that it answers, not that it was started. */
export function startIde(context: SessionContext): Step {
  return {
    name: 'ide',
    failureCode: 'IDE_FAILED',
    isDone: async (signal) => (await healthOf(context, signal))?.ide === 'up',
    run: ({ signal }) => bringIdeUp(context, signal),
  }
}
