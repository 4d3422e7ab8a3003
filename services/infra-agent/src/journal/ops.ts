import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { errorShape } from '@vessel/proto/error-shape'
import { VesselError } from '@vessel/proto/errors'
import type { OpId } from '@vessel/proto/ids'
import type { Reply } from '@vessel/proto/message'
import { parseJson } from '@vessel/proto/parse'
import { z } from 'zod'
import { readIfThere, writeDurably } from '../host/files.ts'
import type { Paths } from '../paths.ts'

const storedOp = z.discriminatedUnion('state', [
  z.object({ state: z.literal('begun') }),
  z.object({
    state: z.literal('ended'),
    reply: z.discriminatedUnion('ok', [
      z.object({ ok: z.literal(true), value: z.json() }),
      z.object({ ok: z.literal(false), error: errorShape }),
    ]),
  }),
])

/** An orchestrator gives up on a command long before this; a later repeat is a new decision. */
export const OP_KEPT_MS = 3_600_000

export interface OpOptions {
  /** Work that reads its own state first may simply be done again after a crash in the middle. */
  readonly isRepeatable: boolean
}

export interface Ops {
  /** Runs `work` at most once per `opId`; everyone who asks with the same id gets its reply. */
  once<T>(opId: OpId, options: OpOptions, work: () => Promise<T>): Promise<Reply<T>>
  forgetOld(nowMs: number): Promise<void>
}

/** Results of commands by idempotency key, on disk, so that a restart changes no answer. */
export function createOps(paths: Paths): Ops {
  const inFlight = new Map<OpId, Promise<Reply<unknown>>>()

  async function perform<T>(
    opId: OpId,
    options: OpOptions,
    work: () => Promise<T>,
  ): Promise<Reply<T>> {
    const text = await readIfThere(paths.op(opId))
    const stored = text === null ? null : parseJson(storedOp, text)
    // What is stored was our own reply to the same question, so it has that question's type.
    if (stored?.state === 'ended') return stored.reply as Reply<T>
    if (stored?.state === 'begun' && !options.isRepeatable) {
      const error = new VesselError('TIMEOUT', { detail: 'the agent restarted while this ran' })
      return { ok: false, error: error.toShape() }
    }
    if (!options.isRepeatable) {
      await writeDurably(paths.op(opId), JSON.stringify({ state: 'begun' }))
    }
    const reply = await replyOf(work)
    // What passes by itself (no room now, draining) is not the op's result: it may be asked again.
    const isFinal = reply.ok || !VesselError.fromShape(reply.error).isRetryable
    if (isFinal) await writeDurably(paths.op(opId), JSON.stringify({ state: 'ended', reply }))
    else await rm(paths.op(opId), { force: true })
    return reply
  }

  return {
    async once<T>(opId: OpId, options: OpOptions, work: () => Promise<T>) {
      const running = inFlight.get(opId)
      if (running) return (await running) as Reply<T>
      const mine = perform(opId, options, work)
      inFlight.set(opId, mine)
      try {
        return await mine
      } finally {
        inFlight.delete(opId)
      }
    },

    async forgetOld(nowMs) {
      await mkdir(paths.opsDir, { recursive: true, mode: 0o700 })
      for (const name of await readdir(paths.opsDir)) {
        const file = join(paths.opsDir, name)
        const found = await stat(file).catch(() => null)
        if (found && nowMs - found.mtimeMs > OP_KEPT_MS) await rm(file, { force: true })
      }
    },
  }
}

async function replyOf<T>(work: () => Promise<T>): Promise<Reply<T>> {
  try {
    return { ok: true, value: await work() }
  } catch (thrown) {
    return { ok: false, error: VesselError.from(thrown).toShape() }
  }
}
