import { z } from 'zod'

const count = z.int().nonnegative()

/** What one connection was sent and not sent, since it was opened. */
export const deliveryCounters = z.object({
  framesSent: count,
  itemsSent: count,
  bytesSent: count,
  /** Of the items: sent to resume, not as they happened. */
  itemsReplayed: count,
  /** Holes announced. */
  gapsSent: count,
  /** Load samples not sent because the client was behind: only the newest matters. */
  samplesDropped: count,
  /** Times that logs were held back because the client was behind; they follow. */
  holds: count,
  framesReceived: count,
  framesRefused: count,
  /** Now: written and not taken by the network yet. */
  bytesWaiting: count,
  /** Now: lines that are held back, as far as memory goes. */
  itemsBehind: count,
})
export type DeliveryCounters = z.infer<typeof deliveryCounters>
