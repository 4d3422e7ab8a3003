import { rm } from 'node:fs/promises'
import type { HydrateProgress } from '@vessel/proto/guest/api'
import type { Step } from '../vm/plan.ts'
import { placeOf } from '../vm/record.ts'
import { guestOf, type SessionContext } from '../vm/session-context.ts'
import { healthOf } from './wait-for-guest.ts'

const LOOK_EVERY_MS = 250

function fractionOf(progress: HydrateProgress): number | undefined {
  if (progress.type !== 'progress') return undefined
  const { bytesDone, bytesTotal, entriesDone, entriesTotal } = progress
  // A repository does not say beforehand how many bytes it has.
  const [done, total] = bytesTotal > 0 ? [bytesDone, bytesTotal] : [entriesDone, entriesTotal]
  return total > 0 ? Math.min(1, done / total) : undefined
}

/** The guest unpacks as the workspace user; only after all of it does it call itself ready. */
export function hydrateWorkspace(context: SessionContext): Step {
  const { guest, paths, clock } = context.deps

  /** An agent before us may have begun it: then the guest is still at it, or failed at it. */
  async function waitWhileHydrating(signal: AbortSignal, progress: () => void): Promise<boolean> {
    for (let last = -1; ; ) {
      const health = await healthOf(context, signal)
      if (health?.workspace !== 'hydrating') return health?.workspace === 'ready'
      if (health.changeCount !== last) progress()
      last = health.changeCount
      await clock.sleep(LOOK_EVERY_MS, signal)
    }
  }

  return {
    name: 'hydrate',
    failureCode: 'HYDRATE_FAILED',
    isDone: async (signal) => (await healthOf(context, signal))?.workspace === 'ready',
    async run({ signal, progress }) {
      if (await waitWhileHydrating(signal, progress)) return
      const { archive, git } = context.record
      const ref = guestOf(context.record)
      const onProgress = (note: HydrateProgress) => {
        const fraction = fractionOf(note)
        progress(fraction === undefined ? {} : { fraction })
      }
      if (git) return guest.clone(ref, git, { onProgress, signal })
      const file = paths.source(placeOf(context.record), archive?.format ?? 'zip')
      await guest.hydrate(ref, archive && { ...archive, file }, { onProgress, signal })
      await rm(file, { force: true })
    },
  }
}
