import { VesselError } from '@vessel/proto/errors'
import type { PackedArchive, PackOrder } from '../vm/ports.ts'
import { placeOf } from '../vm/record.ts'
import { guestOf, type SessionContext } from '../vm/session-context.ts'

type Watch = { onBytes: (bytes: number) => void; signal: AbortSignal }

/** Has the guest pack: what the last save holds already is neither sent nor written again. */
export async function packOverBase(
  context: SessionContext,
  order: Omit<PackOrder, 'base'>,
  watch: Watch,
): Promise<PackedArchive> {
  const { guest, packed, log } = context.deps
  const { base, session } = context.record
  const pieces = base && (await packed.piecesOf(placeOf(context.record), base))
  const ref = guestOf(context.record)
  if (!base || !pieces) return guest.pack(ref, { ...order, base: null }, watch)
  try {
    return await guest.pack(ref, { ...order, base: { name: base.name, pieces } }, watch)
  } catch (thrown) {
    if (VesselError.from(thrown, 'PACK_FAILED').code !== 'ARCHIVE_MISMATCH') throw thrown
    log.warn({ session, err: thrown }, 'a kept archive is damaged, the next one is packed whole')
    await context.update({ base: null })
    return guest.pack(ref, { ...order, base: null }, watch)
  }
}
