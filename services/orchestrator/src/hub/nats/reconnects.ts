import type { NatsConnection } from '@nats-io/transport-node'

export interface Reconnects {
  /** Called after every reconnect of the bus: whatever was core-published meanwhile is lost. */
  on(listener: () => void): () => void
}

/** One reading of the connection's status for everyone who must act on a reconnect. */
export function createReconnects(nc: NatsConnection): Reconnects {
  const listeners = new Set<() => void>()

  const watch = async () => {
    // Ends by itself when the connection is closed.
    for await (const status of nc.status()) {
      if (status.type !== 'reconnect') continue
      for (const listener of [...listeners]) listener()
    }
  }
  void watch()

  return {
    on(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
