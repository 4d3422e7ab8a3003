import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { VesselError } from '@vessel/proto/errors'
import type { Execute } from './execute.ts'

/** The right to change machines on this host. Tools that are given the descriptor hold it too. */
export interface Held {
  readonly fd: number
}

export interface HostMutex {
  /** One at a time on the whole host, in the order of asking within this process. */
  run<T>(work: (held: Held) => Promise<T>, signal?: AbortSignal): Promise<T>
}

export interface HostMutexDeps {
  readonly execute: Execute
  readonly lockFile: string
  readonly waitMs: number
}

/** Where a tool finds the descriptor that `lockFd` hands over. */
const FD_IN_TOOL = '3'

/**
 * Ignite's own lock loses races (facts §3, failure 7), so all that changes machines goes through
 * this one. It is a lock of the kernel on an open file, which Node itself cannot take: `flock`
 * takes it on a descriptor of ours, and ends. It is free again when we and every tool that was
 * given the descriptor have closed it, so an agent that was killed in the middle of `ignite run`
 * keeps the next one waiting exactly until that has ended.
 */
export function createHostMutex(deps: HostMutexDeps): HostMutex {
  let last: Promise<unknown> = Promise.resolve()
  return {
    run(work, signal) {
      const turn = last.then(() => withLock(deps, work, signal))
      last = turn.catch(() => undefined)
      return turn
    },
  }
}

async function withLock<T>(
  { execute, lockFile, waitMs }: HostMutexDeps,
  work: (held: Held) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  signal?.throwIfAborted()
  await mkdir(dirname(lockFile), { recursive: true })
  const file: FileHandle = await open(lockFile, 'a', 0o600)
  try {
    const args = ['--exclusive', '--timeout', String(Math.ceil(waitMs / 1_000)), FD_IN_TOOL]
    const options = { timeoutMs: waitMs + 5_000, lockFd: file.fd, ...(signal && { signal }) }
    const outcome = await execute('flock', args, options)
    signal?.throwIfAborted()
    if (outcome.code !== 0) {
      const detail = `the lock of this host's machines was not free: ${outcome.text}`
      throw new VesselError('TIMEOUT', { detail })
    }
    return await work({ fd: file.fd })
  } finally {
    await file.close()
  }
}
