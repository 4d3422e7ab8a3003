import type { NatsConnection } from '@nats-io/transport-node'
import type { StampedEvent } from '@vessel/proto/events/feed'
import type { Beats } from '../hosts/beats.ts'
import { hostViewOf } from '../hosts/host-view.ts'
import type { Notifications } from '../hub/ports.ts'
import type { Clock, Log } from '../ports.ts'
import type { BusState } from './bus-state.ts'
import { consumeEvents } from './event-consumer.ts'
import { listenToBeats } from './listen-beats.ts'
import { type RequestHandlers, serveRequests } from './serve-requests.ts'
import { ensureStreams } from './streams.ts'

export interface JoinDeps {
  readonly nc: NatsConnection
  readonly log: Log
  readonly bus: BusState
  readonly clock: Clock
  readonly beats: Beats
  readonly notifications: Pick<Notifications, 'publish'>
  readonly replicas: number
  readonly handlers: RequestHandlers
  readonly onEvent: (event: StampedEvent) => Promise<void>
}

/** Begins to hear and to answer. Resolves when the streams are there, so that agents may start. */
export async function joinBus(deps: JoinDeps): Promise<{ leave(): Promise<void> }> {
  const { nc, log, clock, beats } = deps
  await ensureStreams(nc, deps.replicas)
  deps.bus.onReconnect(() => {
    beats.listenAnew()
    ensureStreams(nc, deps.replicas).catch((err) => {
      log.error({ err }, 'streams could not be made sure of')
    })
  })

  const listening = listenToBeats(
    { nc, log },
    {
      onBeat: (beat) => beats.hear(beat),
      onBeatOnce: (beat) => {
        const host = hostViewOf({ beat, atMs: clock.now() }, clock.now())
        const items = [{ kind: 'host' as const, host }]
        deps.notifications.publish({ kind: 'admin' }, { kind: 'items', items })
      },
    },
  )
  const serving = serveRequests({ nc, log }, deps.handlers)
  const consuming = consumeEvents({ nc, log, onEvent: deps.onEvent })
  return {
    async leave() {
      listening.stop()
      await Promise.all([consuming.stop(), serving.stop()])
    },
  }
}
