import { jetstream } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { createStreams, TestAgent } from '@vessel/orchestrator/testing/agent'
import { connectNats } from '@vessel/orchestrator/testing/hub-stack'
import { startNats } from '@vessel/orchestrator/testing/nats-server'
import { micros } from './micros.ts'

export interface Bus {
  readonly url: string
  readonly nc: NatsConnection
  stop(): Promise<void>
}

/** A nats-server of its own with the product's streams. */
export async function startBus(): Promise<Bus> {
  const nats = await startNats()
  const nc = await connectNats(nats.url)
  await createStreams(nc)
  return {
    url: nats.url,
    nc,
    async stop() {
      await nc.close()
      await nats.stop()
    },
  }
}

/** Some words of a build: what a line of a boot log is like. */
const WORDS = 'npm info run vessel@1.0.0 postinstall node_modules/some-package node install.js '

/** One session's agent. Every event carries when it was due, by the steady clock. */
export class Feed {
  readonly #agent: TestAgent
  readonly #text: string

  constructor(bus: Bus, lineBytes = 100) {
    this.#agent = new TestAgent(jetstream(bus.nc))
    this.#text = WORDS.repeat(Math.ceil(lineBytes / WORDS.length)).slice(0, lineBytes)
  }

  get topic(): string {
    return `session:${this.#agent.session}`
  }

  get seq(): number {
    return this.#agent.seq
  }

  line(dueUs = micros()): Promise<void> {
    return this.#agent.line(`${dueUs} ${this.#text}`)
  }

  async lines(count: number): Promise<void> {
    await Promise.all(Array.from({ length: count }, () => this.line()))
  }

  async urgent(dueUs = micros()): Promise<void> {
    const event = { type: 'ready', epoch: 1, ip: '127.0.0.1', durationMs: dueUs } as const
    await this.#agent.publish({ kind: 'event', event })
  }
}

export interface Pace {
  readonly perSecond: number
  readonly forMs: number
  readonly send: (dueUs: number) => Promise<void>
}

/** Open loop: each event is due at its time, and how late it was sent counts against it. */
export async function paced({ perSecond, forMs, send }: Pace): Promise<void> {
  const startUs = micros()
  const count = Math.floor((forMs / 1_000) * perSecond)
  const sent: Promise<void>[] = []
  for (let index = 0; index < count; index += 1) {
    const dueUs = startUs + Math.round((index / perSecond) * 1_000_000)
    const waitMs = (dueUs - micros()) / 1_000
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs))
    sent.push(send(dueUs))
  }
  await Promise.all(sent)
}
