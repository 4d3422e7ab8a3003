import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { VESSEL_MIGRATIONS_DIR } from '../src/start.ts'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const START_TIMEOUT_MS = 60_000

type Line = Record<string, unknown>

/** The stand-in as its own process, as the launcher starts it. */
export interface Process {
  readonly child: ChildProcess
  readonly lines: readonly Line[]
  /** Waits for a line of the log with this message. */
  line(message: string): Promise<Line>
  end(signal: NodeJS.Signals): Promise<number | null>
}

export function startProcess(env: Record<string, string>): Process {
  const child = spawn(process.execPath, ['--conditions=development', MAIN], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      SUPABASE_PORT: '0',
      SUPABASE_MIGRATIONS_DIR: VESSEL_MIGRATIONS_DIR,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: Line[] = []
  const reader = createInterface({ input: child.stdout })
  reader.on('line', (text) => lines.push(JSON.parse(text) as Line))

  const line = async (message: string): Promise<Line> => {
    const signal = AbortSignal.timeout(START_TIMEOUT_MS)
    for (;;) {
      const found = lines.find(({ msg }) => msg === message)
      if (found !== undefined) return found
      await once(reader, 'line', { signal })
    }
  }
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
    return child.exitCode
  }
  return { child, lines, line, end }
}
