import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { DriverUnderTest } from '../../../src/drivers/driver.contract.ts'
import { createIgniteDriver } from '../../../src/drivers/ignite/driver.ts'
import { createIgniteHost, type IgniteHost } from '../../../src/drivers/ignite/host.ts'
import { HOST_PLACES, type HostPlaces } from '../../../src/drivers/ignite/host-places.ts'
import type { LaunchSettings } from '../../../src/drivers/ignite/launch.ts'
import { prepareHost } from '../../../src/drivers/ignite/prepare.ts'
import { TIMEOUTS, type Timeouts } from '../../../src/drivers/ignite/timeouts.ts'
import { runTool } from '../../../src/drivers/qemu/run-tool.ts'
import { guestClient } from '../../../src/guest/client.ts'
import { systemClock as clock } from '../../../src/host/clock.ts'
import { createPaths, type Paths } from '../../../src/paths.ts'
import type { Log, MachineOrder } from '../../../src/vm/ports.ts'
import { createDiskVolumes } from '../../../src/volumes/disk-volumes.ts'
import { newBootId, startCommand } from '../agent.ts'
import { Cleanup, until } from '../processes.ts'
import { createStandIn, type StandIn } from './stand-in.ts'

/** The suite meets the real tools of this host, as root, instead of what stands in for them. */
export const isReal = process.env.VESSEL_REAL_IGNITE === '1'
const REAL_BOOT_MS = 120_000
const STAND_IN_BOOT_MS = 40_000

export interface IgniteWorld extends DriverUnderTest {
  readonly host: IgniteHost
  readonly paths: Paths
  readonly places: HostPlaces
  readonly settings: LaunchSettings
  /** Null when the tools are real. */
  readonly standIn: StandIn | null
  readonly warnings: string[]
  prepare(): Promise<void>
  /** Another agent on the same host and the same state folder, as after a restart. */
  anotherHost(): IgniteHost
  newOrder(): MachineOrder
  boot(order: MachineOrder): Promise<Awaited<ReturnType<IgniteWorld['driver']['create']>>>
  answers(order: MachineOrder, handle: Awaited<ReturnType<IgniteWorld['boot']>>): Promise<void>
}

const fromEnvironment = (name: string): string => {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is needed to try a real ignite`)
  return value
}

/** One name for each run of the suite: what it made is told from what else is on the host. */
const owner = `t${process.pid}`

function settingsOf(): LaunchSettings {
  const command = [process.execPath, join(import.meta.dirname, '../fake-ide.mjs'), '{socket}']
  const ide = { command, healthPath: '/healthz' }
  if (!isReal) {
    const images = { image: 'vessel-golden:1', kernel: 'vessel-kernel:1', sandbox: 'sandbox:1' }
    return { owner, images, rootGib: 4, ide }
  }
  const images = {
    image: fromEnvironment('IGNITE_IMAGE'),
    kernel: fromEnvironment('IGNITE_KERNEL_IMAGE'),
    sandbox: process.env.IGNITE_SANDBOX_IMAGE || null,
  }
  return { owner, images, rootGib: 10, ide }
}

export async function createIgniteWorld(timeouts: Partial<Timeouts> = {}): Promise<IgniteWorld> {
  const cleanup = new Cleanup()
  const folder = await cleanup.folder()
  const standIn = isReal ? null : await createStandIn(folder, cleanup)
  const places = standIn?.places ?? HOST_PLACES
  const paths = createPaths(join(folder, 'state'))
  await mkdir(paths.stateDir)
  const warnings: string[] = []
  const note = (_facts: object, message: string) => void warnings.push(message)
  const log: Log = { debug: () => {}, info: () => {}, warn: note, error: note }
  const settings = settingsOf()
  const anotherHost = () =>
    createIgniteHost({
      ...{ places, paths, clock, log, timeouts: { ...TIMEOUTS, ...timeouts } },
      path: standIn?.path ?? process.env.PATH ?? '',
    })
  const host = anotherHost()
  const driver = createIgniteDriver({ host, paths, settings })
  const volumes = createDiskVolumes({ paths, run: runTool })
  cleanup.add(async () => {
    if (standIn) return
    for (const machine of await driver.list()) await driver.destroy(machine)
  })
  const health: DriverUnderTest['health'] = (ref) =>
    guestClient.health(ref, AbortSignal.timeout(1_000))
  const bootMs = isReal ? REAL_BOOT_MS : STAND_IN_BOOT_MS
  return {
    ...{ host, driver, volumes, paths, places, settings, standIn, warnings, anotherHost, health },
    until: (what, look) => until(what, look, bootMs),
    cleanup: () => cleanup.run(),
    prepare: () => prepareHost(host, { vmsDir: paths.vmsDir, images: settings.images }),
    newOrder: () => ({
      ...{ session: startCommand().session, bootId: newBootId(), environment: {} },
      ...{ spec: { cpuCount: 1, memoryMib: 512, diskMib: 256 }, token: 't'.repeat(40) },
    }),
    async boot(order) {
      const { session, spec } = order
      if (!(await volumes.exists(session))) await volumes.create(session, spec)
      return driver.create(order, AbortSignal.timeout(bootMs))
    },
    async answers(order, handle) {
      await until(
        'the guest answers',
        async () => {
          const endpoint = await driver.address(handle)
          if (!endpoint) return false
          return health({ endpoint, token: order.token }).then(
            () => true,
            () => false,
          )
        },
        bootMs,
      )
    },
  }
}
