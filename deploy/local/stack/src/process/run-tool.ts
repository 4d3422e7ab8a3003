import { spawn } from 'node:child_process'

/** The end of what a tool said; enough to see why it failed. */
const TAIL_BYTES = 8_000

export interface ToolRun {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly timeoutMs: number
  /** Sees each line as it comes. */
  readonly onLine?: (line: string) => void
}

/** Runs a tool to its end; a failure carries the end of its output. */
export function runTool(run: ToolRun): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(run.command, run.args, {
      ...(run.cwd ? { cwd: run.cwd } : {}),
      env: { ...run.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: run.timeoutMs,
      killSignal: 'SIGKILL',
    })
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
      if (code === 0) return resolve()
      const name = [run.command, ...run.args].join(' ')
      reject(new Error(`${name} ended with ${signal ?? code}\n${tail}`))
    })
  })
}
