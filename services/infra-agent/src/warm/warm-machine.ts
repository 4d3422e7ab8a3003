import { randomBytes, randomUUID } from 'node:crypto'
import { VesselError } from '@vessel/proto/errors'
import { type BootId, bootId, type SessionId, sessionId } from '@vessel/proto/ids'
import type { MachineSpec } from '@vessel/proto/machine'
import type { Clock, Driver, Endpoint, Guest, MachineHandle, Volumes } from '../vm/ports.ts'

/** A machine nobody uses yet: it is up, VS Code answers, the workspace is empty. */
export interface WarmMachine {
  /** Under this id its machine and disk are known; the session that takes it has another. */
  readonly place: SessionId
  readonly bootId: BootId
  readonly token: string
  readonly machine: MachineHandle
  readonly endpoint: Endpoint
}

export interface WarmDeps {
  readonly driver: Driver
  readonly volumes: Volumes
  readonly guest: Guest
  readonly clock: Clock
}

const LOOK_EVERY_MS = 250

export interface WarmPlace {
  readonly place: SessionId
  readonly bootId: BootId
}

export const newPlace = (): WarmPlace => ({
  place: sessionId.parse(randomUUID()),
  bootId: bootId.parse(randomUUID()),
})

/** Boots a machine up to the point where a session only has to bring its files. */
export async function makeWarm(
  { place, bootId: boot }: WarmPlace,
  { spec, signal }: { spec: MachineSpec; signal: AbortSignal },
  deps: WarmDeps,
): Promise<WarmMachine> {
  const { driver, volumes, guest } = deps
  const token = randomBytes(32).toString('base64url')
  await volumes.create(place, spec)
  const order = { session: place, bootId: boot, spec, token, environment: {} }
  const machine = await driver.create(order, signal)
  const endpoint = await untilAnswers(machine, { token, signal }, deps)
  const ref = { endpoint, token }
  await guest.startIde(ref, signal)
  for (;;) {
    const { ide } = await guest.health(ref, signal)
    if (ide === 'up') return { place, bootId: boot, token, machine, endpoint }
    if (ide === 'failed') throw new VesselError('IDE_FAILED')
    await deps.clock.sleep(LOOK_EVERY_MS, signal)
  }
}

async function untilAnswers(
  machine: MachineHandle,
  { token, signal }: { token: string; signal: AbortSignal },
  { driver, guest, clock }: WarmDeps,
): Promise<Endpoint> {
  for (;;) {
    if (!(await driver.isAlive(machine))) throw new VesselError('MACHINE_DIED')
    const endpoint = await driver.address(machine)
    const isUp =
      endpoint &&
      (await guest.health({ endpoint, token }, signal).then(
        () => true,
        () => false,
      ))
    if (isUp) return endpoint
    signal.throwIfAborted()
    await clock.sleep(LOOK_EVERY_MS, signal)
  }
}
