import type { NatsConnection } from '@nats-io/transport-node'
import type { Log } from '../ports.ts'

export interface BusState {
  isConnected(): boolean
  onReconnect(listener: () => void): void
}

/** Follows whether the bus is there, and says so in the log. */
export function watchBus(nc: NatsConnection, log: Log): BusState {
  let isConnected = true
  const listeners: (() => void)[] = []

  const follow = async () => {
    for await (const status of nc.status()) {
      if (status.type === 'disconnect') {
        isConnected = false
        log.warn({}, 'bus lost')
      } else if (status.type === 'reconnect') {
        isConnected = true
        log.info({}, 'bus is back')
        for (const listener of listeners) listener()
      } else if (status.type === 'error') {
        log.warn({ err: status.error }, 'bus reported an error')
      }
    }
  }
  follow().catch((err) => log.error({ err }, 'bus status ended'))

  return {
    isConnected: () => isConnected && !nc.isClosed(),
    onReconnect: (listener) => {
      listeners.push(listener)
    },
  }
}
