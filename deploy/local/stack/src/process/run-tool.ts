import { spawn } from 'node:child_process'
import process from 'node:process'

/** The end of what a tool said; enough to see why it failed. */
const TAIL_BYTES = 8_000

/** A longer work on the user's machine: it tells how it goes and can be interrupted. */
export interface Job {
  readonly say: (text: string) => void
  readonly signal?: AbortSignal | undefined
}

export interface ToolRun {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
  /** Sees each line as it comes. */
  readonly onLine?: (line: string) => void
}

/** Runs a tool to its end; a failure carries the end of its output. */
export async function runTool(run: ToolRun): Promise<void> {
  run.signal?.throwIfAborted()
  const timeout = AbortSignal.timeout(run.timeoutMs)
  const stop = run.signal ? AbortSignal.any([run.signal, timeout]) : timeout
  const { tail, end } = await runToEnd(run, stop)
  run.signal?.throwIfAborted()
  if (end === 0) return
  const name = [run.command, ...run.args].join(' ')
  const how = timeout.aborted ? `was stopped after ${run.timeoutMs / 1_000} s` : `ended with ${end}`
  throw new Error(`${name} ${how}\n${tail}`)
}

interface ToolEnd {
  readonly tail: string
  readonly end: number | NodeJS.Signals
}

function runToEnd(run: ToolRun, stop: AbortSignal): Promise<ToolEnd> {
  return new Promise((resolve, reject) => {
    // A group of its own, so that compilers under a package manager end with it.
    const child = spawn(run.command, run.args, {
      ...(run.cwd ? { cwd: run.cwd } : {}),
      env: { ...run.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    const kill = () => {
      if (child.pid && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
    }
    stop.addEventListener('abort', kill, { once: true })
    let tail = ''
    const hear = (part: Buffer) => {
      const text = part.toString('utf8')
      tail = (tail + text).slice(-TAIL_BYTES)
      for (const line of text.split('\n')) if (line.trim()) run.onLine?.(line.trim())
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('error', reject)
    child.once('close', (code, signal) => {
      stop.removeEventListener('abort', kill)
      resolve({ tail, end: code ?? signal ?? 1 })
    })
  })
}
