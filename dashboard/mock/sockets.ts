import { randomUUID } from 'node:crypto'
import type { TopicItem } from '@vessel/proto/browser/topic-items'
import { nowIso } from './world.ts'

const QUIET = {
  framesSent: 212,
  itemsSent: 1_840,
  bytesSent: 231_004,
  itemsReplayed: 120,
  gapsSent: 0,
  samplesDropped: 0,
  holds: 0,
  framesReceived: 14,
  framesRefused: 0,
  bytesWaiting: 0,
  itemsBehind: 0,
}
/** One who cannot keep up, one who missed something, one in step, one who has not spoken yet. */
const KINDS = [
  { ...QUIET, bytesWaiting: 611_328, itemsBehind: 2_310, holds: 4 },
  { ...QUIET, gapsSent: 2, itemsReplayed: 2_000 },
  QUIET,
  { ...QUIET, framesSent: 0, itemsSent: 0, bytesSent: 0, itemsReplayed: 0 },
]

/** What a copy of the orchestrator tells those who run the place. */
export function socketsOf(userIds: readonly string[]): TopicItem {
  const at = nowIso()
  const sockets = KINDS.map((counters, index) => ({
    id: randomUUID(),
    userId: index === KINDS.length - 1 ? null : (userIds[index % userIds.length] ?? null),
    openedAt: at,
    topics: 2,
    counters,
  }))
  return { kind: 'sockets', sockets: { copy: randomUUID(), at, total: 31, sockets } }
}
