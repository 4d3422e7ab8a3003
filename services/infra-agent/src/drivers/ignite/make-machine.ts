import { rm } from 'node:fs/promises'
import type { MachineOrder } from '../../vm/ports.ts'
import { volumeFile } from '../../volumes/disk-volumes.ts'
import { vmmState } from './firecracker.ts'
import { controlSocket, volumeLink } from './host-places.ts'
import { containerOf, type IgniteUid } from './ids.ts'
import { igniteFailed } from './ignite.ts'
import { keepLastWords } from './last-words.ts'
import { attachVolume, type LaunchDeps, launchMachine } from './launch.ts'
import { ownMachines } from './own-machines.ts'
import { proveRunning } from './prove-running.ts'
import { removeMachine } from './remove-machine.ts'
import { restartMachine } from './restart-machine.ts'

/** The machine of an order, running beyond doubt: the one this boot has, or a new one. */
export async function makeMachine(
  deps: LaunchDeps,
  order: MachineOrder,
  signal: AbortSignal,
): Promise<IgniteUid> {
  const known = await takeUp(deps, order, signal)
  if (known !== null && (await isProved(deps, { order, uid: known, signal }))) return known

  try {
    return await makeNew(deps, order, signal)
  } catch (thrown) {
    // What cannot be removed now is removed with the session, which has failed for this reason.
    await unmakeMachine(deps, order).catch((err) =>
      deps.host.log.warn({ session: order.session, err }, 'failed machine stays'),
    )
    throw thrown
  }
}

async function makeNew(
  deps: LaunchDeps,
  order: MachineOrder,
  signal: AbortSignal,
): Promise<IgniteUid> {
  const { host, paths } = deps
  const uid = await host.mutex.run((held) => launchMachine(deps, order, { held, signal }), signal)
  try {
    await proveRunning(host, uid, signal)
    return uid
  } catch (thrown) {
    if (!signal.aborted) await keepLastWords(host, uid, paths.console(order.session))
    throw thrown
  }
}

/** A machine this boot already has: as it is, or started again if it had died. */
function takeUp(
  deps: LaunchDeps,
  order: MachineOrder,
  signal: AbortSignal,
): Promise<IgniteUid | null> {
  const { host, paths, settings } = deps
  return host.mutex.run(async (held) => {
    const machines = await ownMachines(host, settings.owner)
    const uid = machines.find((machine) => machine.bootId === order.bootId)?.uid
    if (uid === undefined) return null
    if ((await vmmState(controlSocket(host.places, uid))) !== 'dead') return uid
    // An agent before us may have been killed a moment before it came up.
    if ((await host.containerd.runningTasks()).has(containerOf(uid))) return uid

    await attachVolume(deps, order)
    const output = paths.console(order.session)
    const outcome = await restartMachine(host, uid, { held, output, signal })
    signal.throwIfAborted()
    if (outcome.code === 0) return uid
    const err = igniteFailed(['start'], outcome)
    host.log.warn({ session: order.session, vmId: uid, err }, 'machine cannot be started again')
    await removeMachine(host, uid, held)
    return null
  }, signal)
}

interface TakenUp {
  readonly order: MachineOrder
  readonly uid: IgniteUid
  readonly signal: AbortSignal
}

/** One that only seems to run makes room for a new one. */
async function isProved({ host }: LaunchDeps, { order, uid, signal }: TakenUp): Promise<boolean> {
  try {
    await proveRunning(host, uid, signal)
    return true
  } catch (err) {
    signal.throwIfAborted()
    host.log.warn({ session: order.session, vmId: uid, err }, 'machine only seems to run')
    await host.mutex.run((held) => removeMachine(host, uid, held))
    return false
  }
}

/** Ends the machine of a boot, and lets the volume go unless another of the session has it. */
export async function unmakeMachine(
  { host, paths, settings }: LaunchDeps,
  { session, bootId }: Pick<MachineOrder, 'session' | 'bootId'>,
): Promise<void> {
  await host.mutex.run(async (held) => {
    const machines = await ownMachines(host, settings.owner)
    const ofSession = machines.filter((machine) => machine.session === session)
    const [own, others] = [
      ofSession.filter((machine) => machine.bootId === bootId),
      ofSession.filter((machine) => machine.bootId !== bootId),
    ]
    for (const { uid } of own) await removeMachine(host, uid, held)
    if (others.length > 0) return
    await host.loops.detach(volumeFile(paths, session), volumeLink(host.places, session))
    await rm(paths.guestConfig(session), { force: true })
  })
}
