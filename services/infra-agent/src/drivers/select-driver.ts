import { availableParallelism } from 'node:os'
import type { Config } from '../config.ts'
import { systemClock as clock } from '../host/clock.ts'
import type { Paths } from '../paths.ts'
import type { Driver, Log, Volumes } from '../vm/ports.ts'
import { createDiskVolumes } from '../volumes/disk-volumes.ts'
import { createFolderVolumes } from '../volumes/folder-volumes.ts'
import { createIgniteDriver } from './ignite/driver.ts'
import { createIgniteHost } from './ignite/host.ts'
import { HOST_PLACES } from './ignite/host-places.ts'
import { prepareHost } from './ignite/prepare.ts'
import { TIMEOUTS } from './ignite/timeouts.ts'
import { createProcessDriver } from './process/driver.ts'
import { probeSandbox } from './process/sandbox.ts'
import { createQemuDriver } from './qemu/driver.ts'
import { readGoldenImage } from './qemu/image.ts'
import { accelerationOf, probeKvm } from './qemu/kvm-probe.ts'
import { chooseNetwork } from './qemu/network/choose.ts'
import { runTool } from './qemu/run-tool.ts'

export interface DriverChoice {
  readonly driver: Driver
  readonly volumes: Volumes
}

export interface ChoiceDeps {
  readonly config: Config
  readonly paths: Paths
  readonly hostBootId: string
  readonly log: Log
  /** Of the agent's own environment. */
  readonly path: string
  readonly execPath: string
}

async function processes(deps: ChoiceDeps): Promise<DriverChoice> {
  const { config, paths, hostBootId, log, path, execPath } = deps
  const sandbox = config.SANDBOX === 'off' ? null : await probeSandbox()
  if (config.SANDBOX === 'require' && !sandbox?.works) {
    throw new Error(`SANDBOX=require, but bubblewrap does not work: ${sandbox?.detail}`)
  }
  const isSandboxed = sandbox?.works === true
  log.warn(
    { isSandboxed, cpuCount: availableParallelism(), detail: sandbox?.detail },
    'sessions are processes of this host and not isolated from it',
  )
  const settings = {
    guestCommand: config.GUEST_COMMAND,
    ideCommand: config.IDE_COMMAND,
    ideHealthPath: config.IDE_HEALTH_PATH,
    isSandboxed,
    sandboxPaths: config.SANDBOX_PATHS,
    path,
    execPath,
  }
  const driver = createProcessDriver({ paths, clock, hostBootId, settings })
  return { driver, volumes: createFolderVolumes({ paths, clock }) }
}

async function qemu(deps: ChoiceDeps): Promise<DriverChoice> {
  const { config, paths, hostBootId, log, path } = deps
  const image = await readGoldenImage(config.GOLDEN_IMAGE ?? '')
  const probe = { image, stateDir: paths.stateDir, hostBootId }
  const verdict =
    config.QEMU_ACCELERATION === 'tcg'
      ? { works: false, detail: 'not asked for' }
      : await probeKvm(probe)
  const acceleration = accelerationOf(config.QEMU_ACCELERATION, verdict)
  log.info({ acceleration, kvm: verdict.detail }, 'machines are run by qemu')
  const network = await chooseNetwork({ config, image, paths, hostBootId, log, run: runTool })
  const machines = { paths, clock, hostBootId, image, acceleration, network, path }
  return {
    driver: createQemuDriver({ ...machines, run: runTool }),
    volumes: createDiskVolumes({ paths, run: runTool }),
  }
}

async function ignite(deps: ChoiceDeps): Promise<DriverChoice> {
  const { config, paths, log, path } = deps
  const host = createIgniteHost({
    ...{ clock, log, paths, places: HOST_PLACES, timeouts: TIMEOUTS },
    // sbin is not on everybody's PATH.
    path: `${path}:/usr/local/sbin:/usr/sbin:/sbin`,
  })
  const images = {
    image: config.IGNITE_IMAGE ?? '',
    kernel: config.IGNITE_KERNEL_IMAGE ?? '',
    sandbox: config.IGNITE_SANDBOX_IMAGE ?? null,
  }
  await prepareHost(host, { vmsDir: paths.vmsDir, images })
  log.info(images, 'machines are run by ignite')
  const ide = { command: config.IDE_COMMAND, healthPath: config.IDE_HEALTH_PATH }
  const settings = { owner: config.HOST_ID, images, rootGib: config.IGNITE_ROOT_GIB, ide }
  return {
    driver: createIgniteDriver({ host, paths, settings }),
    volumes: createDiskVolumes({ paths, run: runTool }),
  }
}

const CHOICES: Record<Config['DRIVER'], (deps: ChoiceDeps) => Promise<DriverChoice>> = {
  process: processes,
  qemu,
  ignite,
}

/** The one way this host makes machines, and the disks that belong to it. */
export function selectDriver(deps: ChoiceDeps): Promise<DriverChoice> {
  return CHOICES[deps.config.DRIVER](deps)
}
