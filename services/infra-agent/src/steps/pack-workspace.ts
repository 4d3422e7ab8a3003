import { VesselError } from '@vessel/proto/errors'
import type { Step } from '../vm/plan.ts'
import { placeOf } from '../vm/record.ts'
import type { SessionContext } from '../vm/session-context.ts'
import { packOverBase } from './pack-over-base.ts'
import { reviveGuest } from './revive-guest.ts'
import { healthOf } from './wait-for-guest.ts'

export type SaveKind = 'checkpoint' | 'final'

/** Packs the workspace into a file of the host, where it is safe from the machine's end. */
export function packWorkspace(context: SessionContext, kind: SaveKind): Step {
  const { paths, clock, packed } = context.deps
  const place = placeOf(context.record)

  async function dropPending(): Promise<void> {
    if (!context.record.pending) return
    await context.update({ pending: null })
    await packed.sweep(place, context.record.base ? [context.record.base] : [])
  }

  return {
    name: 'pack',
    failureCode: 'PACK_FAILED',

    /** What an earlier try packed is used when nothing changed since. */
    async isDone(signal) {
      const isWhole =
        context.record.pending && (await packed.piecesOf(place, context.record.pending))
      if (!isWhole) return false
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
      const file = `${epoch}-${seq}.part.${format}`
      const { pieces, ...made } = await packOverBase(
        context,
        { file: paths.packed(place, file), format, ignore },
        { onBytes: () => progress(), signal },
      )
      await packed.note(place, file, pieces)
      await context.update({
        pending: {
          ...{ seq, kind, file, ...made },
          changeCount: health.changeCount,
          packedAt: new Date(clock.now()).toISOString(),
          storedPath: null,
        },
      })
    },
  }
}
