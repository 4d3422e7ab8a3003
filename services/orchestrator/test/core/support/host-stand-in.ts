import { randomUUID } from 'node:crypto'
import { jetstream } from '@nats-io/jetstream'
import { type ConnectionOptions, connect, type NatsConnection } from '@nats-io/transport-node'
import type { StartCommand } from '@vessel/proto/commands/start'
import type { StopCommand } from '@vessel/proto/commands/stop'
import { type ErrorCode, VesselError } from '@vessel/proto/errors'
import type { SessionOnHost } from '@vessel/proto/events/beat'
import type { LifecycleEvent } from '@vessel/proto/events/lifecycle'
import { bootId, hostId, type SessionId } from '@vessel/proto/ids'
import { type Reply, replyEnvelope } from '@vessel/proto/message'
import { parseJson } from '@vessel/proto/parse'
import { placeRequest } from '@vessel/proto/placement'
import { COMMANDS, REQUESTS } from '@vessel/proto/registry'
import { parseSubject, type RequestVerb, subjects } from '@vessel/proto/subjects'

const BEAT_EVERY_MS = 250

export interface HostHabits {
  /** Answers the market. */
  isBidding: boolean
  /** What it says to `start`; null: nothing at all, though it does it. */
  startAnswer: 'yes' | ErrorCode | null
  /** Publishes events; a host whose events get lost still beats. */
  isTelling: boolean
  isBeating: boolean
}

/**
 * A host as the orchestrator meets it on the bus, without machines: what it does is what a test
 * tells it. The real agent meets the real orchestrator in the tests of the whole product.
 */
export class HostStandIn {
  readonly id
  readonly habits: HostHabits = {
    isBidding: true,
    startAnswer: 'yes',
    isTelling: true,
    isBeating: true,
  }
  readonly starts: StartCommand[] = []
  readonly stops: StopCommand[] = []
  readonly listed = new Map<SessionId, SessionOnHost>()
  readonly #nc: NatsConnection
  #seq = 0
  #timer: NodeJS.Timeout

  private constructor(id: string, nc: NatsConnection) {
    this.id = hostId.parse(id)
    this.#nc = nc
    this.#serve()
    this.#timer = setInterval(() => this.beat(), BEAT_EVERY_MS)
    this.beat()
  }

  static async start(id: string, options: ConnectionOptions): Promise<HostStandIn> {
    return new HostStandIn(id, await connect(options))
  }

  beat(): void {
    if (!this.habits.isBeating) return
    const capacity = {
      cpuTotal: 8,
      cpuReserved: 0,
      memoryMibTotal: 65_536,
      memoryMibReserved: 0,
      diskMibTotal: 100_000,
      diskMibFree: 90_000,
      vmMax: 100,
    }
    const beat = {
      host: this.id,
      agentBootId: '00000000-0000-4000-8000-000000000001',
      hostBootId: 'boot',
      at: new Date().toISOString(),
      protocolVersion: 1,
      agentVersion: '0.1.0',
      driver: 'stand-in',
      isIsolated: false,
      isDraining: false,
      capacity,
      sessions: [...this.listed.values()],
    }
    this.#nc.publish(subjects.beat(this.id), JSON.stringify(beat))
  }

  /** The machine of a session is up. */
  async ready(session: SessionId): Promise<void> {
    const at = new Date().toISOString()
    const { epoch } = this.#list(session, { state: 'ready', readyAt: at, ip: '10.0.0.9' })
    await this.tell(session, { type: 'ready', epoch, ip: '10.0.0.9', durationMs: 5 })
  }

  /** The run is over and nothing of it is left here. */
  async end(session: SessionId, error?: ErrorCode): Promise<void> {
    const stop = this.stops.findLast((command) => command.session === session)
    const reason = error ? 'start_failed' : (stop?.reason ?? 'user_exit')
    const shape = error ? { error: new VesselError(error).toShape(), stage: 'ide' as const } : {}
    const end = { reason, at: new Date().toISOString(), ...shape } as const
    const { epoch } = this.#list(session, { state: error ? 'failed' : 'stopped', end })
    const message = 'it broke'
    await this.tell(
      session,
      error
        ? { type: 'failed', epoch, stage: 'ide', code: error, message, isRetryable: true }
        : { type: 'stopped', epoch, reason, isSaved: true },
    )
  }

  async tell(session: SessionId, event: LifecycleEvent): Promise<void> {
    if (!this.habits.isTelling) return
    const listed = this.listed.get(session)
    this.#seq += 1
    const stamped = {
      session,
      bootId: listed?.bootId ?? randomUUID(),
      seq: this.#seq,
      at: new Date().toISOString(),
      host: this.id,
      event,
    }
    const subject = subjects.event(this.id, session, event.type)
    await jetstream(this.#nc).publish(subject, JSON.stringify(stamped), { msgID: randomUUID() })
  }

  /** Asks an orchestrator something, as this host or in the name of another. */
  async ask(verb: RequestVerb, request: object, as: string = this.id): Promise<Reply<unknown>> {
    const message = await this.#nc.request(
      subjects.request(verb, hostId.parse(as)),
      JSON.stringify(request),
      { timeout: 5_000 },
    )
    return parseJson(replyEnvelope(REQUESTS[verb].reply), message.data) as Reply<unknown>
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#nc.close()
  }

  #list(session: SessionId, patch: Partial<SessionOnHost>): SessionOnHost {
    const before = this.listed.get(session)
    if (!before) throw new Error('this host does not run that session')
    const now = { ...before, ...patch }
    this.listed.set(session, now)
    this.beat()
    return now
  }

  #serve(): void {
    this.#nc.subscribe(subjects.place, {
      callback: (_fault, message) => {
        const { session } = parseJson(placeRequest, message.data)
        if (!this.habits.isBidding) return
        const bid = {
          host: this.id,
          session,
          memoryMibFree: 1_000,
          cpuFree: 2,
          vmCount: 0,
          isWarm: false,
          isArchiveCached: false,
        }
        message.respond(JSON.stringify(bid))
      },
    })
    this.#nc.subscribe(subjects.commandsOf(this.id), {
      callback: (_fault, message) => {
        const parsed = parseSubject(message.subject)
        if (parsed?.kind !== 'command') throw new Error('not a command')
        const request = parseJson(COMMANDS[parsed.verb].request, message.data)
        const reply = this.#obey(parsed.verb, request)
        if (reply) message.respond(JSON.stringify(reply))
      },
    })
  }

  #obey(verb: string, request: unknown): Reply<unknown> | null {
    if (verb === 'start') return this.#start(request as StartCommand)
    if (verb === 'stop') {
      const command = request as StopCommand
      this.stops.push(command)
      if (!this.listed.has(command.session)) return refusal('SESSION_UNKNOWN')
      this.#list(command.session, { state: 'saving' })
      return { ok: true, value: { state: 'stopping' } }
    }
    if (verb === 'drain') return { ok: true, value: { sessionCount: this.listed.size } }
    if (verb === 'resume') return { ok: true, value: { draining: false } }
    return refusal('UNSUPPORTED')
  }

  #start(command: StartCommand): Reply<unknown> | null {
    const { startAnswer } = this.habits
    this.starts.push(command)
    if (startAnswer !== 'yes' && startAnswer !== null) return refusal(startAnswer)
    const known = this.listed.get(command.session)
    const isKnown = known?.epoch === command.epoch
    const boot = isKnown ? known.bootId : bootId.parse(randomUUID())
    if (!isKnown) {
      this.listed.set(command.session, {
        session: command.session,
        project: command.project,
        slug: command.slug,
        epoch: command.epoch,
        bootId: boot,
        state: 'starting',
        spec: command.spec,
        ip: null,
        startedAt: new Date().toISOString(),
        readyAt: null,
        lastActivityAt: null,
        lastSavedAt: null,
        end: null,
      })
    }
    return startAnswer === 'yes' ? { ok: true, value: { bootId: boot } } : null
  }
}

function refusal(code: ErrorCode): Reply<unknown> {
  return { ok: false, error: new VesselError(code).toShape() }
}
