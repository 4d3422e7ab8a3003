import type { DeliveryCounters } from '@vessel/proto/browser/delivery-counters'

/** What a connection counts itself; the rest its outbox and its readers know. */
export type ConnectionCounters = Pick<
  { -readonly [K in keyof DeliveryCounters]: DeliveryCounters[K] },
  'itemsReplayed' | 'gapsSent' | 'samplesDropped' | 'holds' | 'framesReceived' | 'framesRefused'
>

export function createCounters(): ConnectionCounters {
  return {
    itemsReplayed: 0,
    gapsSent: 0,
    samplesDropped: 0,
    holds: 0,
    framesReceived: 0,
    framesRefused: 0,
  }
}
