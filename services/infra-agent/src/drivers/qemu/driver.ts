import { rm } from 'node:fs/promises'
import { VesselError } from '@vessel/proto/errors'
import { type BootId, bootId, portNumber, sessionId } from '@vessel/proto/ids'
import { parseValue } from '@vessel/proto/parse'
import { z } from 'zod'
import type { Paths } from '../../paths.ts'
import type { Clock, Driver, FoundMachine, MachineHandle, MachineOrder } from '../../vm/ports.ts'
import { startTicksOf } from '../process/proc-table.ts'
import { type LaunchDeps, launchMachine } from './launch.ts'
import { machineFiles } from './machine-files.ts'
import { type QemuProcess, qemuProcesses } from './processes.ts'
import { type QmpCommand, qmp } from './qmp.ts'
import { followSerial } from './serial.ts'

const handleShape = z.object({
  session: sessionId,
  bootId,
  pid: z.int().positive(),
  startTicks: z.string(),
  /** Not in the records of an agent that knew no other. */
  ip: z.ipv4().default('127.0.0.1'),
  port: portNumber,
  /** Pids and start times repeat after a reboot of the host. */
  hostBootId: z.string(),
})

const CONTROL_TIMEOUT_MS = 5_000
/** `quit` writes out what the machine's disks still hold; then it is ended the hard way. */
const QUIT_TIMEOUT_MS = 3_000
const END_TRIES_MAX = 50
const END_LOOK_MS = 100

export interface QemuDriverDeps extends LaunchDeps {
  readonly paths: Paths
  readonly clock: Clock
  readonly hostBootId: string
}

/** Virtual machines of their own kernel, with KVM or emulated, each a qemu process. */
export function createQemuDriver(deps: QemuDriverDeps): Driver {
  const { paths, hostBootId, network } = deps
  const launching = new Set<BootId>()
  const parseHandle = (handle: MachineHandle) => parseValue(handleShape, handle)
  const handleOf = (found: QemuProcess): MachineHandle => ({ ...found, hostBootId })
  const machines = () => qemuProcesses(paths.vmsDir)

  async function isAlive(handle: MachineHandle): Promise<boolean> {
    const known = parseHandle(handle)
    if (known.hostBootId !== hostBootId) return false
    return (await startTicksOf(known.pid)) === known.startTicks
  }

  async function control(handle: MachineHandle, command: QmpCommand): Promise<void> {
    const { qmp: socket } = machineFiles(paths, parseHandle(handle).session)
    await qmp(socket, command, AbortSignal.timeout(CONTROL_TIMEOUT_MS))
  }

  async function launch(order: MachineOrder, signal: AbortSignal): Promise<QemuProcess> {
    launching.add(order.bootId)
    try {
      return await launchMachine(order, deps, signal)
    } finally {
      launching.delete(order.bootId)
    }
  }

  return {
    name: `qemu+${deps.acceleration}`,
    capabilities: { isIsolated: true, canRestartOverVolume: true },
    isAlive,
    list: async (): Promise<FoundMachine[]> =>
      (await machines()).map((found) => ({
        session: found.session,
        bootId: found.bootId,
        handle: handleOf(found),
      })),

    async create(order, signal) {
      const running = (await machines()).find((machine) => machine.bootId === order.bootId)
      return handleOf(running ?? (await launch(order, signal)))
    },

    async address(handle) {
      const { ip, port } = parseHandle(handle)
      return { ip, port }
    },

    async destroy(machine) {
      const own = (await machines()).filter((found) => found.bootId === machine.bootId)
      await Promise.all(own.map((found) => end(found, deps)))
      await network.release(machine.bootId)
      for (const file of Object.values(machineFiles(paths, machine.session))) {
        await rm(file, { force: true })
      }
    },

    sweep: () =>
      network.sweep(async () => {
        const starting = [...launching]
        return new Set([...starting, ...(await machines()).map((machine) => machine.bootId)])
      }),

    pause: (handle) => control(handle, 'stop'),
    resume: (handle) => control(handle, 'cont'),
    console: (session, onLine, signal) =>
      followSerial(machineFiles(paths, session).serial, onLine, signal),
  }
}

async function end(machine: QemuProcess, { paths, clock }: QemuDriverDeps): Promise<void> {
  const { qmp: socket } = machineFiles(paths, machine.session)
  // A machine that does not obey is ended below.
  await qmp(socket, 'quit', AbortSignal.timeout(QUIT_TIMEOUT_MS)).catch(() => undefined)
  for (let look = 0; look < END_TRIES_MAX; look += 1) {
    if ((await startTicksOf(machine.pid)) !== machine.startTicks) return
    if (look > 0) kill(machine.pid)
    await clock.sleep(END_LOOK_MS)
  }
  throw new VesselError('DESTROY_FAILED', { detail: `qemu ${machine.pid} does not end` })
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    // It ended between the look and the signal.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
