import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, open } from 'node:fs/promises'
import { VesselError } from '@vessel/proto/errors'
import type { GuestConfig } from '@vessel/proto/guest/api'
import { writeDurably } from '../../host/files.ts'
import type { Paths } from '../../paths.ts'
import type { MachineOrder } from '../../vm/ports.ts'
import { BOOT_MARK } from './proc-table.ts'
import { runtimePaths, sandboxArguments } from './sandbox.ts'

export interface LaunchSettings {
  readonly guestCommand: readonly string[]
  readonly ideCommand: readonly string[]
  readonly ideHealthPath: string
  readonly isSandboxed: boolean
  readonly sandboxPaths: readonly string[]
  /** Of the agent's own environment only what programs cannot do without. */
  readonly path: string
  readonly execPath: string
}

/** Below the agent and the gateway: a busy session must not starve what serves all others. */
const NICENESS = 5

function guestConfigOf(paths: Paths, order: MachineOrder, settings: LaunchSettings): GuestConfig {
  return {
    // Port 0: the guest takes a free one and writes it into its state folder.
    listen: { host: '127.0.0.1', port: 0 },
    token: order.token,
    workspaceDir: paths.workspace(order.session),
    homeDir: paths.home(order.session),
    stateDir: paths.guestState(order.session),
    ide: { command: [...settings.ideCommand], healthPath: settings.ideHealthPath },
    environment: {
      // Where the host keeps the folder is long and means nothing to who works in it.
      PROMPT_DIRTRIM: '1',
      ...order.environment,
      // The mark goes to the user's programs too, so that what detaches itself is still found.
      [BOOT_MARK]: order.bootId,
    },
  }
}

/** Starts the guest agent as the head of a session of its own, so that it outlives us. */
export async function launchGuest(
  paths: Paths,
  order: MachineOrder,
  settings: LaunchSettings,
): Promise<number> {
  const config = paths.guestConfig(order.session)
  await writeDurably(config, JSON.stringify(guestConfigOf(paths, order, settings)))
  await chmod(config, 0o600)

  const readable = [...settings.sandboxPaths, ...runtimePaths(settings.execPath)]
  const wrapper = settings.isSandboxed
    ? ['bwrap', ...sandboxArguments(paths, { session: order.session, readable })]
    : []
  const lowered = ['prlimit', '--core=0', 'nice', '-n', String(NICENESS)]
  const command = [...lowered, ...wrapper, ...settings.guestCommand, config]
  const output = await open(paths.console(order.session), 'a', 0o600)
  try {
    const child = spawn(command[0] ?? '', command.slice(1), {
      detached: true,
      cwd: paths.workspace(order.session),
      stdio: ['ignore', output.fd, output.fd],
      env: {
        PATH: settings.path,
        HOME: paths.home(order.session),
        LANG: 'C.UTF-8',
        [BOOT_MARK]: order.bootId,
      },
    })
    return await pidOf(child)
  } finally {
    await output.close()
  }
}

async function pidOf(child: ChildProcess): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  child.once('spawn', resolve)
  child.once('error', reject)
  try {
    await promise
  } catch (cause) {
    throw new VesselError('BOOT_FAILED', { detail: 'the guest agent cannot be started', cause })
  }
  child.unref()
  if (child.pid === undefined) throw new VesselError('BOOT_FAILED', { detail: 'no process id' })
  return child.pid
}
