import type { NatsConnection } from '@nats-io/transport-node'
import { Batch } from '@vessel/orchestrator/testing/batch'
import { realClock } from '@vessel/orchestrator/testing/hub-stack'
import { HUB_LIMITS } from '@vessel/orchestrator/testing/limits'
import { sessionId, userId } from '@vessel/proto/ids'
import { subjects } from '@vessel/proto/subjects'
import { serve } from '../process/worker.ts'

export interface RelayOptions {
  readonly natsUrl: string
  /** Where a copy of a killed relay listens; 0: anywhere. */
  readonly port: number
}

/** What every stack has to be: from the bus to browsers, for whoever is logged in. */
export interface Relay {
  readonly url: string
  connections(): number
  /** Bytes that wait for slow clients, all together. */
  waitingBytes(): number
  /** Access to a topic is taken back. */
  revoke(topic: string): void
}

export interface Usage {
  readonly cpuUs: number
  readonly rssBytes: number
  readonly heapBytes: number
  readonly connections: number
  readonly waitingBytes: number
}

export interface RelayMethods {
  start(options: RelayOptions): Promise<string>
  usage(options: { isCollected: boolean }): Promise<Usage>
  revoke(options: { topic: string }): void
}

/** Answers the harness: the same for every stack. */
export function serveRelay(start: (options: RelayOptions) => Promise<Relay>): void {
  let relay: Relay | null = null
  serve<RelayMethods>({
    start: async (options: RelayOptions) => {
      relay = await start(options)
      return relay.url
    },
    usage: async ({ isCollected }: { isCollected: boolean }) => {
      if (isCollected) await collect()
      const { user, system } = process.cpuUsage()
      const { rss, heapUsed, external } = process.memoryUsage()
      return {
        cpuUs: user + system,
        rssBytes: rss,
        heapBytes: heapUsed + external,
        connections: relay?.connections() ?? 0,
        waitingBytes: relay?.waitingBytes() ?? 0,
      }
    },
    revoke: ({ topic }: { topic: string }) => relay?.revoke(topic),
  })
}

/**
 * Down to what is in use: the rubbish of the handshakes is nobody's share. Twice, with a pause,
 * for what finalisers let go of is rubbish only after the first.
 */
async function collect(): Promise<void> {
  for (let round = 0; round < 2; round += 1) {
    await globalThis.gc?.({ type: 'major', execution: 'async', flavor: 'last-resort' })
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** The bus subject that a topic's events come on: what a relay of a peer subscribes to. */
export function subjectOf(topic: string): string {
  const [kind, id] = topic.split(':')
  if (kind === 'user') return subjects.notifyUser(userId.parse(id))
  return subjects.logOf(sessionId.parse(id))
}

const isUrgent = (text: string): boolean => text.includes('"type":"ready"')

/** One topic of a peer: a plain subscription on the bus, batched as the hub batches. */
export class PeerTopic {
  readonly #emit: (items: readonly string[]) => void
  #items: string[] = []
  readonly #batch = new Batch({
    clock: realClock,
    limits: HUB_LIMITS,
    flush: () => {
      const items = this.#items
      this.#items = []
      if (items.length > 0) this.#emit(items)
    },
  })

  constructor(nc: NatsConnection, topic: string, emit: (items: readonly string[]) => void) {
    this.#emit = emit
    nc.subscribe(subjectOf(topic), {
      callback: (_error, message) => {
        const text = message.string()
        this.#items.push(text)
        this.#batch.add(message.data.length, isUrgent(text))
      },
    })
  }
}
