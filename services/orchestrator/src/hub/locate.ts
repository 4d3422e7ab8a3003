import type { SessionId } from '@vessel/proto/ids'
import type { Position } from '@vessel/proto/stamp'
import type { HubLimits } from './limits.ts'
import type { FeedSource } from './ports.ts'
import type { SessionLog } from './session-log.ts'

export interface Start {
  /** Everything after this place is to be sent. */
  readonly cursor: number
  /** Nothing between the reader's position and now is missing from that. */
  readonly isRecovered: boolean
}

export interface LocateDeps {
  readonly session: SessionId
  readonly log: SessionLog
  readonly feed: FeedSource
  readonly limits: HubLimits
}

/** The reader forgets what it had and is given all there is. */
export const FROM_THE_OLDEST: Start = { cursor: 0, isRecovered: false }

/** A mark lies at most this many items before what is looked for, whatever the boots do. */
const PAGES_MAX = 8

/** Finds where a reader who was at `since` goes on. */
export async function locate(
  deps: LocateDeps,
  since: Position | undefined,
  signal: AbortSignal,
): Promise<Start> {
  if (!since) return FROM_THE_OLDEST
  if ((deps.log.headOf(since.bootId) ?? 0) < since.seq) await catchUp(deps, signal)
  if ((deps.log.headOf(since.bootId) ?? 0) < since.seq) return FROM_THE_OLDEST

  const place =
    deps.log.ring.find(since.bootId, since.seq)?.streamSeq ??
    (await findInStream(deps, since, signal))
  if (place === null || !deps.log.isWholeAfter(place)) return FROM_THE_OLDEST
  return { cursor: place, isRecovered: true }
}

/** The reader may come from an orchestrator that is a moment ahead of this one. */
async function catchUp({ session, log, feed }: LocateDeps, signal: AbortSignal): Promise<void> {
  const tail = await feed.tail(session, signal)
  await log.waitUntil(() => log.seenTo >= tail, signal)
}

async function findInStream(
  { session, log, feed, limits }: LocateDeps,
  since: Position,
  signal: AbortSignal,
): Promise<number | null> {
  let after = log.index.beforeItem(since.bootId, since.seq).streamSeq
  const range = { session, upTo: log.ring.floor, itemsMax: limits.historyPageMax }
  for (let page = 0; page < PAGES_MAX; page++) {
    const { items, readTo } = await feed.page({ ...range, after }, signal)
    const found = items.find(({ item }) => item.bootId === since.bootId && item.seq === since.seq)
    if (found) return found.streamSeq
    if (readTo >= range.upTo) return null
    after = readTo
  }
  return null
}
