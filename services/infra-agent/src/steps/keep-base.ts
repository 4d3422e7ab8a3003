import { type PendingArchive, placeOf } from '../vm/record.ts'
import type { SessionContext } from '../vm/session-context.ts'

/**
 * After a save: its archive stays on this host for the next one to build on, while there is room.
 * Whatever goes wrong here only makes the next save slower.
 */
export async function keepBase(context: SessionContext, saved: PendingArchive): Promise<void> {
  const { packed, log } = context.deps
  const place = placeOf(context.record)
  const { kind, name, file, bytes } = saved
  try {
    const isOfUse = kind === 'checkpoint' && name !== null && (await packed.hasRoom(place))
    const base = isOfUse ? { name, file, bytes } : null
    await context.update({ base })
    if (base) await packed.gather(place, base)
    await packed.sweep(place, base ? [base] : [])
  } catch (thrown) {
    log.warn({ session: context.record.session, err: thrown }, 'an archive was not kept')
    await context.update({ base: null })
  }
}
