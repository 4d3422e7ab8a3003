import type { Log } from '../ports.ts'
import type { Retention } from './ports.ts'

/** One request to Storage; it takes up to a thousand. */
const BATCH = 100
/** A sweep ends by itself: the next one goes on. */
const BATCHES_MAX = 50

/**
 * Removes what nobody needs: first doomed in the database, later removed from Storage, last
 * forgotten. A crash in between leaves a doomed row, which the next sweep finds.
 */
export async function sweepArchives(retention: Retention, log: Log): Promise<void> {
  const doomed = await retention.doom()
  let removed = 0
  for (let batch = 0; batch < BATCHES_MAX; batch += 1) {
    const due = await retention.due(BATCH)
    if (due.length === 0) break
    await retention.removeObjects(due.map(({ path }) => path))
    removed += await retention.forget(due.map(({ id }) => id))
  }
  // A project without archives is forgotten too.
  await retention.forget([])
  if (doomed > 0 || removed > 0) log.info({ doomed, removed }, 'archives swept')
}
