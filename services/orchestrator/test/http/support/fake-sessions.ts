import { randomUUID } from 'node:crypto'
import { VesselError } from '@vessel/proto/errors'
import type { HostView } from '@vessel/proto/http/admin'
import type { SessionView } from '@vessel/proto/http/session-view'
import { hostId, type ProjectId, sessionId, type UserId, type VisitorId } from '@vessel/proto/ids'
import { DEFAULT_MACHINE } from '@vessel/proto/machine'
import { isEnded, type SessionState } from '@vessel/proto/session-state'
import type { BootRequest, Hosts, Sessions, TicketRequest } from '../../../src/ports.ts'

interface Held {
  readonly owner: UserId
  view: SessionView
}

export function sessionViewWith(projectId: ProjectId, state: SessionState): SessionView {
  const id = sessionId.parse(randomUUID())
  return {
    id,
    projectId,
    state,
    revision: 1,
    epoch: null,
    bootId: null,
    url: state === 'ready' ? 'http://p.localhost:4180/' : null,
    spec: DEFAULT_MACHINE,
    queuePosition: null,
    createdAt: new Date().toISOString(),
    readyAt: null,
    endedAt: null,
    lastActivityAt: null,
    lastSavedAt: null,
    idleStopAt: null,
    endReason: null,
    failure: null,
  }
}

/** Sessions held in memory, by the rules the HTTP face relies on: whose they are, and states. */
export class FakeSessions implements Sessions {
  readonly boots: BootRequest[] = []
  readonly keptAwakeMs: (number | undefined)[] = []
  /** For whom tickets were made. */
  readonly visitors: (VisitorId | null)[] = []
  /** Whose project is whose; asked like the database would be. */
  readonly owners = new Map<ProjectId, UserId>()
  #held: Held[] = []

  put(owner: UserId, view: SessionView): void {
    this.owners.set(view.projectId, owner)
    this.#held.unshift({ owner, view })
  }

  async boot(request: BootRequest): Promise<SessionView> {
    this.boots.push(request)
    const { userId, projectId } = request
    const latest = await this.latest(userId, projectId)
    if (latest && !isEnded(latest.state)) return latest
    const view = sessionViewWith(projectId, 'requested')
    this.put(userId, view)
    return view
  }

  async shutdown({ userId, projectId }: { userId: UserId; projectId: ProjectId }) {
    const held = await this.#live(userId, projectId)
    held.view = { ...held.view, state: 'saving', url: null }
    return held.view
  }

  async heartbeat(request: {
    userId: UserId
    projectId: ProjectId
    keepAwakeMs: number | undefined
  }) {
    this.keptAwakeMs.push(request.keepAwakeMs)
    return (await this.#live(request.userId, request.projectId)).view
  }

  async latest(userId: UserId, projectId: ProjectId): Promise<SessionView | null> {
    if (this.owners.get(projectId) !== userId) throw new VesselError('PROJECT_NOT_FOUND')
    return this.#held.find(({ view }) => view.projectId === projectId)?.view ?? null
  }

  async list(userId: UserId) {
    const items = this.#held.filter(({ owner }) => owner === userId).map(({ view }) => view)
    return { items, nextCursor: null }
  }

  async ticket({ userId, sessionId: id, visitor }: TicketRequest) {
    const held = this.#held.find(({ owner, view }) => owner === userId && view.id === id)
    if (!held) throw new VesselError('SESSION_NOT_FOUND')
    this.visitors.push(visitor)
    return { url: 'http://p.localhost:4180/_vessel/enter?code=c', expiresInMs: 60_000 }
  }

  async previewSave(userId: UserId, id: string) {
    const held = this.#held.find(({ owner, view }) => owner === userId && view.id === id)
    if (!held) throw new VesselError('SESSION_NOT_FOUND')
    const leftOutSize = { bytes: 1_200_000_000, isMore: true }
    const leftOut = { leftOut: ['node_modules/'], leftOutCount: 1, leftOutSize }
    return { files: 3, unpackedBytes: 4_096, ...leftOut }
  }

  async listAll() {
    const items = this.#held.map(({ owner, view }) => ({ ...view, hostId: null, userId: owner }))
    return { items, nextCursor: null }
  }

  async counts() {
    return { ready: this.#held.length }
  }

  async #live(userId: UserId, projectId: ProjectId): Promise<Held> {
    const latest = await this.latest(userId, projectId)
    const held = this.#held.find(({ view }) => view === latest)
    if (!held || isEnded(held.view.state)) throw new VesselError('SESSION_NOT_LIVE')
    return held
  }
}

export const HOST_ID = hostId.parse('metal-1')

export const fakeHosts: Hosts = {
  list: () => [HOST],
  async drain(host) {
    if (host !== HOST_ID) throw new VesselError('HOST_NOT_FOUND')
    return true
  },
  async resume(host) {
    if (host !== HOST_ID) throw new VesselError('HOST_NOT_FOUND')
    return false
  },
}

const HOST: HostView = {
  id: HOST_ID,
  isAlive: true,
  isDraining: false,
  driver: 'process',
  isIsolated: false,
  agentVersion: '0.1.0',
  lastBeatAt: new Date().toISOString(),
  sessionCount: 0,
  capacity: {
    cpuTotal: 8,
    cpuReserved: 0,
    memoryMibTotal: 16_384,
    memoryMibReserved: 0,
    diskMibTotal: 100_000,
    diskMibFree: 90_000,
    vmMax: 10,
  },
}
