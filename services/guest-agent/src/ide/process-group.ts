import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { systemCode } from '../workspace/system-error.ts'

/** VS Code saves its state on SIGTERM; after this it is not going to. */
const TERM_MS = 5_000
/** Nothing outlives SIGKILL for longer, except in an uninterruptible wait. */
const KILL_MS = 2_000
const POLL_MS = 25

export interface GroupInput {
  readonly argv: readonly string[]
  readonly cwd: string
  readonly env: Record<string, string>
}

/** Starts a program as the leader of its own process group, with its output piped. */
export function spawnGroup({ argv, cwd, env }: GroupInput): ChildProcess {
  const [program, ...rest] = argv
  return spawn(program as string, rest, {
    ...{ cwd, env, detached: true },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** Ends every process of the group: politely, then not. Resolves when none is left. */
export async function stopGroup(leader: number): Promise<void> {
  if (!signalGroup(leader, 'SIGTERM')) return
  if (await isGoneWithin(leader, TERM_MS)) return
  signalGroup(leader, 'SIGKILL')
  await isGoneWithin(leader, KILL_MS)
}

/** False when there is no such group any more. */
export function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-leader, signal)
    return true
  } catch (thrown) {
    if (systemCode(thrown) === 'EPERM') return true
    return false
  }
}

async function isGoneWithin(leader: number, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs
  while (performance.now() < deadline) {
    if (!signalGroup(leader, 0)) return true
    await setTimeout(POLL_MS)
  }
  return false
}

/** Resolves with the pid, or throws why it could not be started. */
export async function started(child: ChildProcess): Promise<number> {
  if (child.pid === undefined) {
    const [error] = await once(child, 'error')
    throw error
  }
  return child.pid
}

/** When a process began, in clock ticks since boot: with the pid it names a process for ever. */
export async function startTicks(pid: number): Promise<number | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'latin1')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19])
  } catch {
    // It ended: there is nothing to read.
    return undefined
  }
}
