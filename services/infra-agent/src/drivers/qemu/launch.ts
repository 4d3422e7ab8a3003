import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, open, readFile, rm } from 'node:fs/promises'
import { VesselError } from '@vessel/proto/errors'
import { writeDurably } from '../../host/files.ts'
import type { Paths } from '../../paths.ts'
import type { Clock, MachineOrder } from '../../vm/ports.ts'
import { volumeFile } from '../../volumes/disk-volumes.ts'
import { guestConfig } from '../machine-guest.ts'
import { type Acceleration, machineArguments, QEMU } from './arguments.ts'
import type { GoldenImage } from './image.ts'
import { machineFiles } from './machine-files.ts'
import type { MachineNetwork } from './network/connection.ts'
import { type QemuProcess, qemuProcesses } from './processes.ts'
import { qmp } from './qmp.ts'

export interface LaunchDeps {
  readonly paths: Paths
  readonly clock: Clock
  readonly image: GoldenImage
  readonly acceleration: Acceleration
  readonly network: MachineNetwork
  readonly run: (command: string, args: readonly string[]) => Promise<unknown>
  readonly path: string
}

/** Another program may take the port between our look and qemu's. */
const PORT_TRIES_MAX = 5
const START_TIMEOUT_MS = 20_000
const LOOK_EVERY_MS = 50
const SAID_CHARS_MAX = 500
/** Below the agent and the gateway: a busy machine must not starve what serves all others. */
const NICENESS = 5

/** Starts the machine of an order over its volume, as a process that outlives us. */
export async function launchMachine(
  order: MachineOrder,
  deps: LaunchDeps,
  signal: AbortSignal,
): Promise<QemuProcess> {
  const files = machineFiles(deps.paths, order.session)
  await writeDurably(files.config, JSON.stringify(guestConfig(order, deps.image.ide)))
  await chmod(files.config, 0o600)
  for (const file of [files.root, files.qmp, files.serial]) await rm(file, { force: true })
  const backing = ['-b', deps.image.disk, '-F', 'raw']
  await deps.run('qemu-img', ['create', '-q', '-f', 'qcow2', ...backing, files.root])

  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted()
    const said = await tryStart(order, deps, signal)
    if (said === null) break
    const isPortTaken = said.includes('host forwarding rule')
    if (!isPortTaken || attempt === PORT_TRIES_MAX) {
      throw new VesselError('BOOT_FAILED', { detail: `qemu ended at once: ${said}` })
    }
  }
  const machine = (await qemuProcesses(deps.paths.vmsDir)).find(
    (found) => found.bootId === order.bootId,
  )
  if (!machine) throw new VesselError('BOOT_FAILED', { detail: 'qemu ended at once' })
  return machine
}

/** Null once the machine runs; what qemu said when it ended instead. */
async function tryStart(
  order: MachineOrder,
  deps: LaunchDeps,
  signal: AbortSignal,
): Promise<string | null> {
  const { paths, image, acceleration, network } = deps
  const { session, bootId, spec } = order
  const files = machineFiles(paths, session)
  const connection = await network.attach(bootId)
  const machine = { session, bootId, spec, image, files, acceleration, connection }
  const args = machineArguments({ ...machine, volume: volumeFile(paths, session) })
  const log = await open(files.log, 'w', 0o600)
  try {
    const child = spawn('nice', ['-n', String(NICENESS), QEMU, ...args], {
      detached: true,
      cwd: paths.vm(session),
      stdio: ['ignore', log.fd, log.fd],
      env: { PATH: deps.path, LANG: 'C.UTF-8' },
    })
    child.unref()
    // Without a listener a program that is not there would end us.
    child.on('error', () => undefined)
    if (await untilStarted(child, files.qmp, { clock: deps.clock, signal })) return null
    const said = (await readFile(files.log, 'utf8')).trim().slice(-SAID_CHARS_MAX)
    return said === '' ? `${QEMU} cannot be started: is it installed?` : said
  } finally {
    await log.close()
  }
}

/** It answers on its control socket only after disks and network are set up. */
async function untilStarted(
  child: ChildProcess,
  socket: string,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<boolean> {
  const startedMs = clock.monotonic()
  while (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    const isUp = await qmp(socket, 'query-status', AbortSignal.timeout(1_000)).then(
      () => true,
      () => false,
    )
    if (isUp) return true
    if (clock.monotonic() - startedMs > START_TIMEOUT_MS) {
      child.kill('SIGKILL')
      throw new VesselError('BOOT_FAILED', { detail: 'qemu does not answer' })
    }
    await clock.sleep(LOOK_EVERY_MS, signal)
  }
  return false
}
