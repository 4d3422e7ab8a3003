import { rm } from 'node:fs/promises'
import type { HydrateProgress } from '@vessel/proto/guest/api'
import type { Step } from '../vm/plan.ts'
import { guestOf, type SessionContext } from '../vm/session-context.ts'
import { healthOf } from './wait-for-guest.ts'

const LOOK_EVERY_MS = 250

function fractionOf(progress: HydrateProgress): number | undefined {
  if (progress.type !== 'progress' || progress.bytesTotal === 0) return undefined
  return Math.min(1, progress.bytesDone / progress.bytesTotal)
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
      const { archive, session } = context.record
      const file = paths.source(session, archive?.format ?? 'zip')
      await guest.hydrate(guestOf(context.record), archive && { ...archive, file }, {
        onProgress: (note) => {
          const fraction = fractionOf(note)
          progress(fraction === undefined ? {} : { fraction })
        },
        signal,
      })
      await rm(file, { force: true })
    },
  }
}
