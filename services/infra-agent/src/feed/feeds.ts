import { rm } from 'node:fs/promises'
import type { GuestMessage } from '@vessel/proto/guest/messages'
import type { BootId, HostId, SessionId } from '@vessel/proto/ids'
import type { Paths } from '../paths.ts'
import type { Clock, Feed, Log } from '../vm/ports.ts'
import type { VmRecord } from '../vm/record.ts'
import { Publisher, type StreamBus } from './publisher.ts'
import { SessionFeed } from './session-feed.ts'
import { Spool } from './spool.ts'

/** What waits on disk for the bus. */
export interface Backlog {
  readonly items: number
  readonly bytes: number
}
export interface OpenFeed {
  readonly feed: Feed
  readonly isDrained: boolean
  readonly backlog: Backlog
  close(): Promise<void>
}
export interface Feeds {
  open(record: VmRecord): OpenFeed
  remove(session: SessionId, boot: BootId): Promise<void>
  /** The bus is back. */
  poke(): void
}
export interface FeedsDeps {
  readonly host: HostId
  readonly paths: Paths
  readonly bus: StreamBus
  readonly clock: Clock
  readonly log: Log
  readonly publishMetric: (session: SessionId, message: GuestMessage) => void
}

/** The feeds of all sessions of the host. */
export function createFeeds(deps: FeedsDeps): Feeds {
  const { host, paths, bus, clock, log } = deps
  const publishers = new Set<Publisher>()

  return {
    open({ session, bootId, traceparent }) {
      const spool = new Spool(paths.spool(session, bootId))
      const publisher = new Publisher({ spool, bus, clock, log })
      publishers.add(publisher)
      const feed = new SessionFeed({
        identity: { host, session, bootId, traceparent },
        spool,
        clock,
        onAppend: () => publisher.poke(),
        onMetric: (message) => deps.publishMetric(session, message),
      })
      let closing: Promise<void> | null = null
      const close = async () => {
        feed.close()
        publishers.delete(publisher)
        await publisher.close()
        spool.close()
      }
      return {
        feed,
        get isDrained() {
          return publisher.isDrained
        },
        get backlog() {
          return { items: spool.unsentCount, bytes: spool.bytes }
        },
        close: () => {
          closing ??= close()
          return closing
        },
      }
    },

    async remove(session, boot) {
      await rm(paths.spool(session, boot), { recursive: true, force: true })
    },

    poke() {
      for (const publisher of publishers) publisher.poke()
    },
  }
}
