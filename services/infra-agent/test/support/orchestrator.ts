import { createHash, randomUUID } from 'node:crypto'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { archivePath } from '@vessel/proto/archive'
import { type ErrorCode, VesselError } from '@vessel/proto/errors'
import { type Beat, beat } from '@vessel/proto/events/beat'
import { type FeedItem, feedItem } from '@vessel/proto/events/feed'
import type { LifecycleEvent } from '@vessel/proto/events/lifecycle'
import { type HostId, hostId, type SessionId, type VisitorId } from '@vessel/proto/ids'
import { type ReplyOf, type RequestOf, replyEnvelope } from '@vessel/proto/message'
import { parseJson } from '@vessel/proto/parse'
import { COMMANDS, REQUESTS } from '@vessel/proto/registry'
import type { CommitRequest } from '@vessel/proto/requests/commit'
import { STREAMS } from '@vessel/proto/streams'
import { type CommandVerb, REQUEST_VERBS, type RequestVerb, subjects } from '@vessel/proto/subjects'
import { until } from './processes.ts'
import type { Storage } from './storage.ts'

/** A stand-in for the orchestrators, typed by proto: it answers, commits and remembers. */
export class FakeOrchestrator {
  readonly host: HostId = hostId.parse('h1')
  readonly beats: Beat[] = []
  readonly commits: CommitRequest[] = []
  /** Sessions whose lease another host holds. */
  readonly lost = new Set<SessionId>()
  /** Visitors who may not come in any more. */
  readonly ended = new Set<VisitorId>()
  commitResult: 'head' | 'recovery' = 'head'
  /** Requests of these verbs are refused so many times. */
  readonly refusals = new Map<RequestVerb, { code: ErrorCode; times: number }>()
  isSilent = false
  readonly codes = new Map<string, string>()
  readonly nats: NatsConnection
  readonly #storage: Storage

  constructor(nats: NatsConnection, storage: Storage) {
    this.nats = nats
    this.#storage = storage
    for (const verb of REQUEST_VERBS) {
      nats.subscribe(subjects.requestsOf(verb), {
        callback: (_fault, message) => {
          if (this.isSilent) return
          message.respond(JSON.stringify(this.#answer(verb, message.data)))
        },
      })
    }
    nats.subscribe(subjects.everyBeat, {
      callback: (_fault, message) => {
        this.beats.push(parseJson(beat, message.data))
      },
    })
  }

  async command<V extends CommandVerb>(
    verb: V,
    request: RequestOf<(typeof COMMANDS)[V]>,
  ): Promise<ReplyOf<(typeof COMMANDS)[V]>> {
    const subject = subjects.command(this.host, verb)
    const message = await this.nats.request(subject, JSON.stringify(request), { timeout: 5_000 })
    const reply = parseJson(replyEnvelope(COMMANDS[verb].reply), message.data)
    if (!reply.ok) throw VesselError.fromShape(reply.error)
    return reply.value as ReplyOf<(typeof COMMANDS)[V]>
  }

  /** Everything the log stream holds of a session, in the stream's order. */
  async feed(session: SessionId): Promise<FeedItem[]> {
    const manager = await jetstreamManager(this.nats)
    const filter_subjects = subjects.logOf(session)
    const info = await manager.streams.info(STREAMS.log.name, { subjects_filter: filter_subjects })
    const count = Object.values(info.state.subjects ?? {}).reduce((sum, one) => sum + one, 0)
    if (count === 0) return []
    const consumer = await jetstream(this.nats).consumers.get(STREAMS.log.name, { filter_subjects })
    const items: FeedItem[] = []
    const messages = await consumer.fetch({ max_messages: count, expires: 5_000 })
    for await (const message of messages) items.push(parseJson(feedItem, message.data))
    return items
  }

  async events(session: SessionId): Promise<LifecycleEvent[]> {
    const items = await this.feed(session)
    return items.flatMap((item) => (item.kind === 'event' ? [item.event] : []))
  }

  async event<T extends LifecycleEvent['type']>(
    session: SessionId,
    type: T,
    timeoutMs = 30_000,
  ): Promise<Extract<LifecycleEvent, { type: T }>> {
    const found = await until(
      `the ${type} event`,
      async () => (await this.events(session).catch(() => [])).find((event) => event.type === type),
      timeoutMs,
    )
    return found as Extract<LifecycleEvent, { type: T }>
  }

  #answer(verb: RequestVerb, data: Uint8Array): unknown {
    const refusal = this.refusals.get(verb)
    if (refusal && refusal.times > 0) {
      refusal.times -= 1
      return { ok: false, error: new VesselError(refusal.code).toShape() }
    }
    const value = this.#handle(verb, data)
    if (value instanceof VesselError) return { ok: false, error: value.toShape() }
    return { ok: true, value }
  }

  #handle(verb: RequestVerb, data: Uint8Array): unknown {
    switch (verb) {
      case 'renew-lease': {
        const { sessions } = parseJson(REQUESTS[verb].request, data)
        return {
          leases: sessions.map(({ session }) => ({
            session,
            isHeld: !this.lost.has(session),
            leaseMs: 30_000,
          })),
        }
      }
      case 'upload-url':
        return this.#uploadUrl(parseJson(REQUESTS[verb].request, data))
      case 'commit':
        return this.#commit(parseJson(REQUESTS[verb].request, data))
      case 'download-url':
        return { archive: null }
      case 'ended-visitors': {
        const { visitors } = parseJson(REQUESTS[verb].request, data)
        return { ended: visitors.filter((visitor) => this.ended.has(visitor)) }
      }
      case 'redeem': {
        const { code } = parseJson(REQUESTS[verb].request, data)
        const ticket = this.codes.get(code)
        this.codes.delete(code)
        return ticket ? { ticket, maxAgeS: 3_600 } : new VesselError('CODE_INVALID')
      }
    }
  }

  #uploadUrl(request: RequestOf<(typeof REQUESTS)['upload-url']>) {
    const path = archivePath({
      ...request,
      userId: '00000000-0000-4000-8000-000000000001',
      projectId: request.session,
    })
    const { url, objects } = this.#storage
    return {
      path,
      single: { method: 'PUT', url: `${url}/object/${path}?token=${randomUUID()}` },
      resumable: {
        endpoint: `${url}/tus`,
        signature: randomUUID(),
        bucket: 'user-projects',
        objectName: path,
      },
      isStored: objects.get(path)?.length === request.bytes,
      expiresInMs: 60_000,
    }
  }

  #commit(request: CommitRequest) {
    const object = this.#storage.objects.get(request.path)
    const isWhole = object && createHash('sha256').update(object).digest('hex') === request.sha256
    if (!isWhole) return new VesselError('ARCHIVE_MISMATCH')
    this.commits.push(request)
    return { result: this.commitResult }
  }
}
