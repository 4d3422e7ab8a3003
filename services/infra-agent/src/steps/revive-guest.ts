import { VesselError } from '@vessel/proto/errors'
import type { GuestHealth } from '@vessel/proto/guest/api'
import { placeOf } from '../vm/record.ts'
import { guestOf, type SessionContext } from '../vm/session-context.ts'
import { healthOf, waitForAnswer } from './wait-for-guest.ts'

/** A machine under load may miss a question; one that misses this many in a row is gone. */
const QUESTIONS_MAX = 3
const QUESTION_EVERY_MS = 1_000

/**
 * Makes the guest answer: if it died, a new one is started over the same folders, whose marks say
 * whether the workspace is complete.
 */
export async function reviveGuest(
  context: SessionContext,
  signal: AbortSignal,
): Promise<GuestHealth> {
  const { driver, guest, clock } = context.deps
  await unpause(context)
  for (let question = 1; question <= QUESTIONS_MAX; question += 1) {
    const { machine } = context.record
    if (!machine || !(await driver.isAlive(machine))) break
    const health = await healthOf(context, signal)
    if (health) return health
    if (question < QUESTIONS_MAX) await clock.sleep(QUESTION_EVERY_MS, signal)
  }
  if (!driver.capabilities.canRestartOverVolume) throw new VesselError('MACHINE_DIED')

  const { bootId, spec, token, environment } = context.record
  const session = placeOf(context.record)
  context.feed.line('agent', 'the machine stopped answering and is started again', 'warn')
  await driver.destroy({ session, bootId })
  // A packed archive was counted by the guest that died: its count means nothing to the new one.
  const { pending } = context.record
  await context.update({
    machine: null,
    endpoint: null,
    pending: pending && { ...pending, changeCount: null },
  })
  const machine = await driver.create({ session, bootId, spec, token, environment }, signal)
  signal.throwIfAborted()
  await context.update({ machine, restarts: context.record.restarts + 1 })
  await waitForAnswer(context, signal)
  return guest.health(guestOf(context.record), signal)
}

/** A stopped process cannot pack its files. */
export async function unpause(context: SessionContext): Promise<void> {
  const { machine, isPaused } = context.record
  if (!isPaused) return
  if (machine) await context.deps.driver.resume(machine)
  await context.update({ isPaused: false })
}
