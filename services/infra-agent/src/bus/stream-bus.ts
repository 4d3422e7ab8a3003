import { jetstream } from '@nats-io/jetstream'
import type { StreamBus } from '../feed/publisher.ts'
import type { BusConnection } from './connection.ts'

/**
 * Longer than a server needs to restart on its own store, so a slow one is not sent everything
 * twice.
 */
const ACK_TIMEOUT_MS = 5_000

/** Stream publishes that are acknowledged, by id, once. */
export function createStreamBus(bus: BusConnection): StreamBus {
  const client = jetstream(bus.nats, { timeout: ACK_TIMEOUT_MS })
  return {
    isConnected: bus.isConnected,
    async publish({ subject, messageId, data }) {
      await client.publish(subject, data, { msgID: messageId })
    },
  }
}
