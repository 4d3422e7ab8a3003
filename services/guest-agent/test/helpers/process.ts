import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { GuestConfig } from '@vessel/proto/guest/api'
import { HEADERS } from '@vessel/proto/headers'
import { makeConfig, makeRoot } from './guest.ts'
import { type Answer, type Ask, ask } from './http.ts'
import { until } from './until.ts'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

export interface GuestProcess {
  readonly config: GuestConfig
  readonly root: string
  readonly pid: number
  readonly port: number
  readonly output: () => string
  call(wanted: Omit<Ask, 'port'>): Promise<Answer>
  /** How it ended: exit code or signal. */
  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null>
  cleanUp(): Promise<void>
}

export interface ProcessOptions {
  readonly change?: Partial<GuestConfig>
  /** Run as this user and group instead of the test's own. */
  readonly uid?: number
  /** Another program than `main.ts`: the bundle. */
  readonly argv?: readonly string[]
  readonly cwd?: string
  readonly root?: string
}

/** A guest agent in a process of its own, as the host starts it. */
export async function spawnGuest(options: ProcessOptions = {}): Promise<GuestProcess> {
  const root = options.root ?? (await makeRoot())
  const config = makeConfig(root, options.change)
  const file = join(root, 'config.json')
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 })
  for (const dir of [config.stateDir, config.homeDir, config.workspaceDir]) {
    mkdirSync(dir, { recursive: true })
    if (options.uid !== undefined) chownSync(dir, options.uid, options.uid)
  }
  if (options.uid !== undefined) {
    chmodSync(root, 0o755)
    chownSync(file, options.uid, options.uid)
  }
  rmSync(join(config.stateDir, 'guest.json'), { force: true })
  const argv = options.argv ?? ['--conditions=development', MAIN]
  const child = spawn(process.execPath, [...argv, file], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.cwd ? { cwd: options.cwd } : {}),
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE },
  })
  return follow(child, { root, config })
}

async function follow(
  child: ChildProcess,
  { root, config }: { root: string; config: GuestConfig },
): Promise<GuestProcess> {
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  }
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal))
  })
  const readPort = () => {
    if (child.exitCode !== null) throw new Error(`the guest agent ended: ${output}`)
    try {
      return JSON.parse(readFileSync(join(config.stateDir, 'guest.json'), 'utf8')).port as number
    } catch {
      // Not written yet: it is renamed into place when it is complete.
      return undefined
    }
  }
  const port = await until('the port is written', readPort)
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal)
    return ended
  }
  return {
    ...{ config, root, end, port, pid: child.pid as number, output: () => output },
    call: (wanted) =>
      ask({ ...wanted, port, headers: { [HEADERS.guestToken]: config.token, ...wanted.headers } }),
    cleanUp: async () => {
      if (child.exitCode === null && child.signalCode === null) await end('SIGKILL')
      rmSync(root, { recursive: true, force: true })
    },
  }
}
