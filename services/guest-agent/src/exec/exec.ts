import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as setTimeoutAsync } from 'node:timers/promises'
import { VesselError } from '@vessel/proto/errors'
import type { guestExecReply, guestExecRequest } from '@vessel/proto/guest/api'
import type { z } from 'zod'
import { signalGroup, spawnGroup, stopGroup } from '../ide/process-group.ts'

/** Per stream. The reply is one JSON object; a program's long output belongs in a file. */
const OUTPUT_BYTES_MAX = 256 * 1024
const RUNNING_MAX = 8
/** For a daemon that left the group and holds the pipes: its output is not waited for. */
const DRAIN_MS = 1_000

export type ExecRequest = z.infer<typeof guestExecRequest>
export type ExecReply = z.infer<typeof guestExecReply>

export interface ExecDeps {
  readonly workspaceDir: string
  readonly environment: Record<string, string>
}

export interface Exec {
  run(request: ExecRequest, signal: AbortSignal): Promise<ExecReply>
}

/** Runs programs in the workspace as its user. Never a shell: `argv` is what it says. */
export function createExec(deps: ExecDeps): Exec {
  let running = 0
  return {
    run: async (request, signal) => {
      if (running >= RUNNING_MAX) throw new VesselError('OVERLOADED', { retryAfterMs: 1_000 })
      running += 1
      try {
        return await runOnce(deps, request, signal)
      } finally {
        running -= 1
      }
    },
  }
}

async function runOnce(
  deps: ExecDeps,
  request: ExecRequest,
  signal: AbortSignal,
): Promise<ExecReply> {
  const { workspaceDir: cwd, environment: env } = deps
  const child = spawnGroup({ argv: request.argv, cwd, env })
  const stdout = collect(child.stdout)
  const stderr = collect(child.stderr)
  let isTimedOut = false
  const kill = () => child.pid !== undefined && signalGroup(child.pid, 'SIGKILL')
  const timer = setTimeout(() => {
    isTimedOut = true
    kill()
  }, request.timeoutMs)
  signal.addEventListener('abort', kill, { once: true })
  const closed = once(child, 'close')
  closed.catch(() => undefined)
  try {
    const exitCode = await exited(child)
    // What it left in the background ends with it; only then the pipes have an end.
    if (child.pid !== undefined) await stopGroup(child.pid)
    await Promise.race([closed, setTimeoutAsync(DRAIN_MS)])
    const isTruncated = stdout.isTruncated() || stderr.isTruncated()
    return { exitCode, stdout: stdout.text(), stderr: stderr.text(), isTruncated, isTimedOut }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', kill)
    child.stdout?.destroy()
    child.stderr?.destroy()
  }
}

function exited(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => {
      reject(new VesselError('NOT_FOUND', { detail: `cannot run it: ${cause.message}`, cause }))
    })
    child.once('exit', (code) => resolve(code))
  })
}

function collect(stream: NodeJS.ReadableStream | null) {
  const chunks: Buffer[] = []
  let bytes = 0
  stream?.on('data', (chunk: Buffer) => {
    const room = OUTPUT_BYTES_MAX - Math.min(bytes, OUTPUT_BYTES_MAX)
    bytes += chunk.length
    if (room > 0) chunks.push(chunk.subarray(0, room))
  })
  return {
    text: () => Buffer.concat(chunks).toString('utf8'),
    isTruncated: () => bytes > OUTPUT_BYTES_MAX,
  }
}
