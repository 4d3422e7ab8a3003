import { VesselError } from '@vessel/proto/errors'
import type { GuestHealth } from '@vessel/proto/guest/api'
import type { Step } from '../vm/plan.ts'
import { guestOf, type SessionContext } from '../vm/session-context.ts'

const LOOK_EVERY_MS = 100

/** What the guest says of itself, or null when it does not answer. */
export async function healthOf(
  context: SessionContext,
  signal: AbortSignal,
): Promise<GuestHealth | null> {
  if (!context.record.endpoint) return null
  try {
    return await context.deps.guest.health(guestOf(context.record), signal)
  } catch {
    // Not up, or not up any more: the caller decides which it is.
    signal.throwIfAborted()
    return null
  }
}

export async function waitForAnswer(context: SessionContext, signal: AbortSignal): Promise<void> {
  const { driver, clock } = context.deps
  for (;;) {
    const { machine } = context.record
    if (!machine || !(await driver.isAlive(machine))) {
      throw new VesselError('BOOT_FAILED', { detail: 'the machine ended while it was starting' })
    }
    const endpoint = await driver.address(machine)
    const known = context.record.endpoint
    if (endpoint && (endpoint.ip !== known?.ip || endpoint.port !== known.port)) {
      await context.update({ endpoint })
    }
    if (await healthOf(context, signal)) return
    await clock.sleep(LOOK_EVERY_MS, signal)
  }
}

export function waitForGuest(context: SessionContext): Step {
  return {
    name: 'guest',
    failureCode: 'GUEST_TIMEOUT',
    isDone: async (signal) => (await healthOf(context, signal)) !== null,
    run: ({ signal }) => waitForAnswer(context, signal),
  }
}
