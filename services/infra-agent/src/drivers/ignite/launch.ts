import { chmod } from 'node:fs/promises'
import { VesselError } from '@vessel/proto/errors'
import { writeDurably } from '../../host/files.ts'
import type { Paths } from '../../paths.ts'
import type { MachineOrder } from '../../vm/ports.ts'
import { volumeFile } from '../../volumes/disk-volumes.ts'
import { guestConfig, type IdeInMachine } from '../machine-guest.ts'
import { type IgniteImages, runArguments } from './arguments.ts'
import type { IgniteHost } from './host.ts'
import type { Held } from './host-mutex.ts'
import { volumeLink } from './host-places.ts'
import { type IgniteUid, machineName } from './ids.ts'
import { failureIn, failureKind, uidIn } from './parse-log.ts'
import { removeMachine } from './remove-machine.ts'
import { clearRootDisks } from './root-disks.ts'

export interface LaunchSettings {
  /** Marks the machines of this agent; the host id. */
  readonly owner: string
  readonly images: IgniteImages
  readonly rootGib: number
  readonly ide: IdeInMachine
}

export interface LaunchDeps {
  readonly host: IgniteHost
  readonly paths: Paths
  readonly settings: LaunchSettings
}

/** Races that ignite loses are over a moment later. */
const TRIES_MAX = 3
const RETRY_MS = 500

/** Gives the session's volume its device, under the name that ignite keeps for it. */
export async function attachVolume({ host, paths }: LaunchDeps, order: MachineOrder) {
  const { session } = order
  await host.loops.attach(volumeFile(paths, session), volumeLink(host.places, session))
}

/** Makes a new machine of an order; what a failed try leaves is removed before the next. */
export async function launchMachine(
  deps: LaunchDeps,
  order: MachineOrder,
  { held, signal }: { held: Held; signal: AbortSignal },
): Promise<IgniteUid> {
  const { host, paths, settings } = deps
  const config = paths.guestConfig(order.session)
  await writeDurably(config, JSON.stringify(guestConfig(order, settings.ide)))
  await chmod(config, 0o600)
  await attachVolume(deps, order)
  const { session, bootId, spec } = order
  const name = machineName({ owner: settings.owner, session, bootId })
  const { images, rootGib } = settings
  const link = volumeLink(host.places, session)
  const args = runArguments({
    ...{ name, spec, images, rootGib, volumeLink: link, guestConfig: config },
  })
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted()
    const outcome = await host.ignite.run(args, { held, signal, output: paths.console(session) })
    const uid = uidIn(outcome.text) ?? (await uidOfName(host, name))
    if (outcome.code === 0 && uid !== null) return uid

    // It may well run: an exit code says nothing about the machine (facts §2.2).
    if (uid !== null) await removeMachine(host, uid, held)
    else await clearRootDisks(host)
    signal.throwIfAborted()
    const reason = outcome.isTimedOut ? 'it hangs' : failureIn(outcome.text)
    const isPassing = failureKind(reason) === 'busy' && attempt < TRIES_MAX
    if (!isPassing) throw new VesselError('BOOT_FAILED', { detail: `ignite run: ${reason}` })
    host.log.warn({ session, attempt, reason }, 'ignite run failed and is tried again')
    await host.clock.sleep(RETRY_MS * attempt, signal)
  }
}

async function uidOfName({ ignite }: IgniteHost, name: string): Promise<IgniteUid | null> {
  return (await ignite.machines()).find((machine) => machine.name === name)?.uid ?? null
}
