import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'

const TOOL_TIMEOUT_MS = 300_000

/** Runs programs joined by pipes, the last into a file or the first out of one. */
export async function pipeline(
  commands: readonly (readonly [string, ...string[]])[],
  cwd: string,
): Promise<void> {
  const signal = AbortSignal.timeout(TOOL_TIMEOUT_MS)
  const env = { ...process.env, LC_ALL: 'C.UTF-8' }
  const children = commands.map(([command, ...args], at) =>
    spawn(command, args, {
      ...{ cwd, env, signal },
      stdio: [
        at === 0 ? 'ignore' : 'pipe',
        at === commands.length - 1 ? 'ignore' : 'pipe',
        'inherit',
      ],
    }),
  )
  for (const [at, child] of children.entries()) {
    const follower = children[at + 1]
    if (follower?.stdin) child.stdout?.pipe(follower.stdin)
  }
  const codes = await Promise.all(children.map((child) => once(child, 'close')))
  const failed = codes.findIndex(([code]) => code !== 0)
  if (failed >= 0) throw new Error(`${commands[failed]?.join(' ')}: ${codes[failed]}`)
}

/** A disk that has nothing left to write: what came before is not the next work's to pay for. */
export async function flush(): Promise<void> {
  await promisify(execFile)('sync', { timeout: TOOL_TIMEOUT_MS })
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  await flush()
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
