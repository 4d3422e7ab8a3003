import { BEAT_EVERY_MS, type Beat } from '@vessel/proto/events/beat'
import type { HostId } from '@vessel/proto/ids'
import { subjects } from '@vessel/proto/subjects'
import type { Log } from '../vm/ports.ts'
import type { BusConnection } from './connection.ts'

/** Changes that come together are told together. */
const COALESCE_MS = 50

export interface Beater {
  /** Something changed: beat now rather than in some seconds. */
  poke(): void
  stop(): void
}

export function startBeating(
  deps: { bus: BusConnection; host: HostId; log: Log },
  makeBeat: () => Promise<Beat>,
): Beater {
  const { bus, host, log } = deps
  let soon: NodeJS.Timeout | null = null

  const beat = async () => {
    soon = null
    // A beat is the present state: one that waited for a reconnect would be the past.
    if (!bus.isConnected()) return
    try {
      bus.nats.publish(subjects.beat(host), JSON.stringify(await makeBeat()))
    } catch (thrown) {
      log.warn({ err: thrown }, 'beat not sent')
    }
  }
  const timer = setInterval(beat, BEAT_EVERY_MS)
  const poke = () => {
    soon ??= setTimeout(beat, COALESCE_MS)
  }
  bus.onReconnect(poke)
  poke()

  return {
    poke,
    stop() {
      clearInterval(timer)
      if (soon) clearTimeout(soon)
    },
  }
}
