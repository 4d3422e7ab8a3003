import type { TopicItem } from '@vessel/proto/browser/topic-items'
import type { FeedBody, FeedItem } from '@vessel/proto/events/feed'

export const SESSION = '00000000-0000-4000-8000-0000000000aa'
export const BOOT = '00000000-0000-4000-8000-0000000000b1'
export const NEXT_BOOT = '00000000-0000-4000-8000-0000000000b2'
const AT = '2026-01-01T00:00:00.000Z'

export function feedItem(seq: number, body: FeedBody, bootId: string = BOOT): FeedItem {
  const stamp = { session: SESSION, bootId, seq, at: AT, host: 'host-a' }
  return { ...stamp, ...body } as unknown as FeedItem
}

export function line(seq: number, bootId: string = BOOT): FeedItem {
  const body = { kind: 'line', source: 'console', level: 'info', text: `line ${seq}` } as const
  return feedItem(seq, body, bootId)
}

export function lines(from: number, to: number): FeedItem[] {
  return Array.from({ length: to - from + 1 }, (_, at) => line(from + at))
}

export const hostItem = (id: string, lastBeatAt: string): TopicItem =>
  ({
    kind: 'host',
    host: {
      id,
      isAlive: true,
      isDraining: false,
      driver: 'process',
      isIsolated: false,
      agentVersion: '0.1.0',
      lastBeatAt,
      sessionCount: 0,
      capacity: {
        cpuTotal: 1,
        cpuReserved: 0,
        memoryMibTotal: 1,
        memoryMibReserved: 0,
        diskMibTotal: 1,
        diskMibFree: 1,
        vmMax: 1,
      },
    },
  }) as unknown as TopicItem
