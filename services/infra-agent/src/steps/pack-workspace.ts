import { rm, stat } from 'node:fs/promises'
import { VesselError } from '@vessel/proto/errors'
import type { Step } from '../vm/plan.ts'
import { placeOf } from '../vm/record.ts'
import { guestOf, type SessionContext } from '../vm/session-context.ts'
import { reviveGuest } from './revive-guest.ts'
import { healthOf } from './wait-for-guest.ts'

export type SaveKind = 'checkpoint' | 'final'

/** Packs the workspace into a file of the host, where it is safe from the machine's end. */
export function packWorkspace(context: SessionContext, kind: SaveKind): Step {
  const { guest, paths, clock } = context.deps

  async function isWhole(): Promise<boolean> {
    const { pending } = context.record
    if (!pending) return false
    const file = await stat(paths.packed(placeOf(context.record), pending.file)).catch(() => null)
    return file?.size === pending.bytes
  }

  async function dropPending(): Promise<void> {
    const { pending } = context.record
    if (!pending) return
    await context.update({ pending: null })
    await rm(paths.packed(placeOf(context.record), pending.file), { force: true })
  }

  return {
    name: 'pack',
    failureCode: 'PACK_FAILED',

    /** What an earlier try packed is used when nothing changed since. */
    async isDone(signal) {
      if (!(await isWhole())) return false
      const changeCount = (await healthOf(context, signal))?.changeCount
      if (changeCount !== context.record.pending?.changeCount) return false
      const { pending } = context.record
      if (pending && pending.kind !== kind) await context.update({ pending: { ...pending, kind } })
      return true
    },

    async run({ signal, progress }) {
      const health = await reviveGuest(context, signal)
      // Half a tree must never be saved over a whole one.
      if (health.workspace !== 'ready') {
        throw new VesselError('PACK_FAILED', { detail: `the workspace is ${health.workspace}` })
      }
      await dropPending()
      const { epoch, ignore } = context.record
      const seq = context.record.archiveSeq + 1
      // The number is written down before it is used, so it never names two archives.
      await context.update({ archiveSeq: seq })
      const { archiveFormat: format } = context.deps
      const name = `${epoch}-${seq}.part.${format}`
      const packed = await guest.pack(
        guestOf(context.record),
        { file: paths.packed(placeOf(context.record), name), format, ignore },
        { onBytes: () => progress(), signal },
      )
      await context.update({
        pending: {
          seq,
          kind,
          file: name,
          ...packed,
          changeCount: health.changeCount,
          packedAt: new Date(clock.now()).toISOString(),
          storedPath: null,
        },
      })
    },
  }
}
