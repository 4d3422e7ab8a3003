import { randomUUID } from 'node:crypto'
import { type JetStreamClient, jetstreamManager } from '@nats-io/jetstream'
import { type NatsConnection, nanos } from '@nats-io/transport-node'
import type { FeedBody } from '@vessel/proto/events/feed'
import type { BootId, HostId, SessionId } from '@vessel/proto/ids'
import { STREAMS, type StreamSpec } from '@vessel/proto/streams'
import { subjects } from '@vessel/proto/subjects'

export const HOST = 'host-a' as HostId
export const newSession = () => randomUUID() as SessionId
export const newBoot = () => randomUUID() as BootId

export async function createStreams(nc: NatsConnection): Promise<void> {
  const jsm = await jetstreamManager(nc, { timeout: 1_000 })
  for (const spec of Object.values(STREAMS) as StreamSpec[]) {
    await jsm.streams.add({
      name: spec.name,
      subjects: [...spec.subjects],
      storage: spec.storage,
      max_age: nanos(spec.maxAgeMs),
      max_bytes: Math.min(spec.bytesMax, 256 * 1024 * 1024),
      max_msgs_per_subject: spec.msgsPerSubjectMax,
      duplicate_window: nanos(spec.dedupMs),
    })
  }
}

/** Publishes a session's feed as an infra-agent does: stamped, acked, retried, in order. */
export class TestAgent {
  readonly session: SessionId
  readonly #js: JetStreamClient
  bootId: BootId = newBoot()
  seq = 0

  constructor(js: JetStreamClient, session: SessionId = newSession()) {
    this.#js = js
    this.session = session
  }

  reboot(): void {
    this.bootId = newBoot()
    this.seq = 0
  }

  /** Numbers that are used up but never published: what the agent's spool had to drop. */
  skip(count: number): void {
    this.seq += count
  }

  async line(text: string): Promise<void> {
    await this.publish({ kind: 'line', source: 'console', level: 'info', text })
  }

  async lines(count: number, text = 'line'): Promise<void> {
    const window = 200
    for (let sent = 0; sent < count; sent += window) {
      const some = Math.min(window, count - sent)
      await Promise.all(Array.from({ length: some }, () => this.line(`${text} ${this.seq + 1}`)))
    }
  }

  async ready(): Promise<void> {
    const event = { type: 'ready', epoch: 1, ip: '127.0.0.1', durationMs: 10 } as const
    await this.publish({ kind: 'event', event })
  }

  async publish(body: FeedBody, attemptsMax = 100): Promise<void> {
    this.seq += 1
    const stamp = { session: this.session, bootId: this.bootId, seq: this.seq, host: HOST }
    const text = JSON.stringify({ ...stamp, at: new Date().toISOString(), ...body })
    const msgID = `${this.bootId}-${stamp.seq}`
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#js.publish(subjects.log(HOST, this.session), text, { msgID, timeout: 1_000 })
        return
      } catch (cause) {
        if (attempt >= attemptsMax) throw cause
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    }
  }
}
