import { mkdir, readFile, rm } from 'node:fs/promises'
import { VesselError } from '@vessel/proto/errors'
import { bootId, portNumber, type SessionId, sessionId } from '@vessel/proto/ids'
import { parseJson, parseValue } from '@vessel/proto/parse'
import { z } from 'zod'
import { readIfThere } from '../../host/files.ts'
import type { Paths } from '../../paths.ts'
import type { Clock, Driver, FoundMachine, MachineHandle } from '../../vm/ports.ts'
import { followConsole } from './console.ts'
import { type LaunchSettings, launchGuest } from './launch.ts'
import { markOf, readProcessTable, startTicksOf } from './proc-table.ts'
import { freezeTree, killTree, thawTree } from './signal-tree.ts'

const handleShape = z.object({
  session: sessionId,
  bootId,
  pid: z.int().positive(),
  startTicks: z.string(),
  /** Pids and start times repeat after a reboot of the host. */
  hostBootId: z.string(),
})
/** Written by the guest agent when it listens. */
const guestPortFile = z.object({ port: portNumber })

export interface ProcessDriverDeps {
  readonly paths: Paths
  readonly clock: Clock
  readonly settings: LaunchSettings
  readonly hostBootId: string
}

/**
 * Sessions as processes of the host: for laptops and tests. In bubblewrap a session sees neither
 * the others' files nor their processes, but it shares the kernel and the network, so no isolation
 * is claimed.
 */
export function createProcessDriver(deps: ProcessDriverDeps): Driver {
  const { paths, clock, settings, hostBootId } = deps

  const parseHandle = (handle: MachineHandle) => parseValue(handleShape, handle)

  async function isAlive(handle: MachineHandle): Promise<boolean> {
    const known = parseHandle(handle)
    if (known.hostBootId !== hostBootId) return false
    return (await startTicksOf(known.pid)) === known.startTicks
  }

  /** The head of each marked tree: the process whose parent does not carry the same mark. */
  async function list(): Promise<FoundMachine[]> {
    const table = await readProcessTable()
    const marks = new Map(table.map((row) => [row.pid, markOf(row)]))
    const found: FoundMachine[] = []
    for (const row of table) {
      const boot = bootId.safeParse(markOf(row))
      if (!boot.success || marks.get(row.parent) === boot.data) continue
      const session = sessionOf(row.environ, paths)
      if (session === null) continue
      const { pid, startTicks } = row
      const handle = { session, bootId: boot.data, pid, startTicks, hostBootId }
      found.push({ session, bootId: boot.data, handle })
    }
    return found
  }

  return {
    name: settings.isSandboxed ? 'process+bwrap' : 'process',
    capabilities: { isIsolated: false, canRestartOverVolume: true },
    isAlive,
    list,

    async create(order, signal) {
      const running = (await list()).find((machine) => machine.bootId === order.bootId)
      if (running) return running.handle
      const { session } = order
      for (const folder of [paths.workspace, paths.home, paths.guestState]) {
        await mkdir(folder(session), { recursive: true, mode: 0o700 })
      }
      // The port of an earlier process of this session is not this one's.
      await rm(paths.guestPort(session), { force: true })
      signal.throwIfAborted()
      const pid = await launchGuest(paths, order, settings)
      const startTicks = await startTicksOf(pid)
      if (startTicks === null) {
        const output = await readFile(paths.console(session), 'utf8').catch(() => '')
        throw new VesselError('BOOT_FAILED', { detail: `it ended at once: ${output.slice(-500)}` })
      }
      return { session, bootId: order.bootId, pid, startTicks, hostBootId }
    },

    async address(handle) {
      const text = await readIfThere(paths.guestPort(parseHandle(handle).session))
      if (text === null || text.trim() === '') return null
      return { ip: '127.0.0.1', port: parseJson(guestPortFile, text).port }
    },

    async destroy(machine) {
      await killTree(machine.bootId, clock)
    },

    pause: (handle) => freezeTree(parseHandle(handle).bootId),
    resume: (handle) => thawTree(parseHandle(handle).bootId),
    console: (session, onLine, signal) => followConsole(paths.console(session), onLine, signal),
  }
}

/** The session of a marked process, read from its HOME, which is below the session's own folder. */
function sessionOf(environ: string, paths: Paths): SessionId | null {
  const home = environ.split('\0').find((entry) => entry.startsWith('HOME='))
  if (!home?.startsWith(`HOME=${paths.vmsDir}/`)) return null
  const parsed = sessionId.safeParse(home.slice(`HOME=${paths.vmsDir}/`.length).split('/')[0])
  return parsed.success ? parsed.data : null
}
