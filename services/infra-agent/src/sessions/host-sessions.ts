import { randomBytes, randomUUID } from 'node:crypto'
import type { StartCommand } from '@vessel/proto/commands/start'
import { VesselError } from '@vessel/proto/errors'
import { type BootId, bootId, type ProjectSlug, type SessionId } from '@vessel/proto/ids'
import type { MachineSpec } from '@vessel/proto/machine'
import { type Bid, BOOTS_PER_HOST_MAX, type PlaceRequest } from '@vessel/proto/placement'
import type { Backlog, Feeds, OpenFeed } from '../feed/feeds.ts'
import { type CapacityLimits, type DiskSpace, shortageFor, usageOf } from '../host/capacity.ts'
import type { Holds } from '../host/holds.ts'
import type { HostState } from '../host/host-state.ts'
import type { Fences } from '../journal/fences.ts'
import { newRecord } from '../vm/new-record.ts'
import { placeOf, stateOf, type VmRecord } from '../vm/record.ts'
import { createContext, type SessionDeps } from '../vm/session-context.ts'
import { type SessionTimes, VmSession } from '../vm/vm-session.ts'
import type { WarmPool } from '../warm/warm-pool.ts'

export interface HostSessionsDeps {
  readonly session: SessionDeps
  readonly times: SessionTimes
  readonly feeds: Feeds
  readonly fences: Fences
  readonly holds: Holds
  readonly hostState: HostState
  readonly limits: CapacityLimits
  /** Measured from time to time: a bid has no time to ask the disk. */
  readonly disk: () => DiskSpace
  readonly warm: WarmPool
  /** A new or taken-over session: its lease counts from now. */
  readonly onAdopted: (session: SessionId) => void
}

/** One session of the host with its feed. */
export interface Hosted {
  readonly vm: VmSession
  readonly feed: OpenFeed
}

/** Ends are listed this long, so that the beat heals an event that got lost. */
export const ENDED_KEPT_MS = 600_000
/** A spool nobody took in this time is given up with its session. */
const UNDRAINED_KEPT_MS = 24 * 3_600_000

/** Every session this host knows, and the room they take. */
export class HostSessions {
  readonly #deps: HostSessionsDeps
  readonly #hosted = new Map<SessionId, Hosted>()
  /** Ended boots of sessions that were started anew here: only their feed is still going out. */
  readonly #retired = new Set<Hosted>()

  constructor(deps: HostSessionsDeps) {
    this.#deps = deps
  }

  records(): VmRecord[] {
    return [...this.#hosted.values()].map(({ vm }) => vm.context.record)
  }

  all(): Hosted[] {
    return [...this.#hosted.values()]
  }

  find(session: SessionId): Hosted | null {
    return this.#hosted.get(session) ?? null
  }

  /** The run that holds this name: of several, the newest. */
  findBySlug(slug: ProjectSlug): Hosted | null {
    const named = this.all().filter(({ vm }) => vm.context.record.slug === slug)
    const live = named.filter(({ vm }) => vm.context.record.end === null)
    const byEpoch = (a: Hosted, b: Hosted) => b.vm.context.record.epoch - a.vm.context.record.epoch
    return live.sort(byEpoch)[0] ?? named.sort(byEpoch)[0] ?? null
  }

  /**
   * The session under this fence, or SESSION_UNKNOWN, or EPOCH_STALE for a command of an old run.
   */
  require(session: SessionId, epoch: number): Hosted {
    const hosted = this.#hosted.get(session)
    if (!hosted) throw new VesselError('SESSION_UNKNOWN')
    const known = hosted.vm.context.record.epoch
    if (epoch < known) throw new VesselError('EPOCH_STALE')
    return hosted
  }

  /** Takes over what an earlier agent wrote down. */
  adopt(records: readonly VmRecord[]): void {
    for (const record of records) this.#host(record).vm.run()
  }

  bidFor(request: PlaceRequest, host: Bid['host']): Bid | null {
    const { session, spec } = request
    if (this.#deps.hostState.isDraining || this.#shortage(session, spec) !== null) return null
    this.#deps.holds.hold(session, spec)
    const usage = this.usage(session)
    const { limits } = this.#deps
    return {
      host,
      session,
      memoryMibFree: Math.max(0, Math.floor(limits.memoryMibTotal - usage.memoryMib)),
      cpuFree: limits.cpuTotal * limits.cpuOvercommit - usage.cpu,
      vmCount: usage.vmCount,
      isWarm: this.#deps.warm.hasOneFor(spec),
      isArchiveCached: false,
    }
  }

  /** Accepts a session. When it returns, the record is on disk and the work has begun. */
  async start(command: StartCommand, local: VmRecord['local'] = null): Promise<{ bootId: BootId }> {
    const { session, epoch } = command
    const before = this.#hosted.get(session)
    if (before && before.vm.context.record.startOpId === command.opId) {
      return { bootId: before.vm.context.record.bootId }
    }
    await this.#deps.fences.admit(command.project, epoch)
    const known = this.#hosted.get(session)
    if (known && known.vm.context.record.end === null) return this.#startAgain(known, epoch)

    const shortage = this.#shortage(session, command.spec)
    if (this.#deps.hostState.isDraining) throw new VesselError('HOST_DRAINING')
    if (shortage) throw new VesselError('HOST_FULL', { detail: `not enough ${shortage}` })
    const { session: sessionDeps, warm: pool } = this.#deps
    const warm = local ? null : pool.claim(command)
    const record = newRecord(command, {
      bootId: warm?.bootId ?? bootId.parse(randomUUID()),
      token: warm?.token ?? randomBytes(32).toString('base64url'),
      nowMs: sessionDeps.clock.now(),
      ...{ local, warm },
    })
    // Counted before the first wait, so that two starts cannot both take the last room.
    const hosted = this.#host(record)
    this.#deps.holds.release(session)
    if (known) this.#retired.add(known)
    try {
      await sessionDeps.journal.write(record)
    } catch (thrown) {
      this.#hosted.delete(session)
      await hosted.feed.close()
      if (warm) await pool.destroy(warm)
      throw thrown
    }
    if (warm) await pool.handOver(warm)
    await pool.makeRoom(() => this.isWithinLimits(pool.specs()))
    await this.#closeOlderDoors(record)
    hosted.vm.run()
    return { bootId: record.bootId }
  }

  usage(except: SessionId) {
    const live = this.records().filter((record) => record.end === null)
    const holds = this.#deps.holds.specsExcept(except)
    const booting = live.filter((record) => stateOf(record) === 'starting').length
    return usageOf([...live.map((record) => record.spec), ...holds], {
      vmCount: live.length + holds.length,
      bootsInFlight: booting + Math.min(holds.length, BOOTS_PER_HOST_MAX),
    })
  }

  /** Whether what runs here, with these machines beside it, is no more than the host has. */
  isWithinLimits(beside: readonly MachineSpec[]): boolean {
    const { limits } = this.#deps
    const live = this.records().filter((record) => record.end === null)
    const specs = [...live.map(({ spec }) => spec), ...beside]
    const usage = usageOf(specs, { vmCount: specs.length, bootsInFlight: 0 })
    return (
      usage.vmCount <= limits.vmMax &&
      usage.memoryMib <= limits.memoryMibTotal &&
      usage.cpu <= limits.cpuTotal * limits.cpuOvercommit
    )
  }

  /** Of all feeds, those of ended boots included. */
  get backlog(): Backlog {
    const feeds = [...this.all(), ...this.#retired].map(({ feed }) => feed.backlog)
    return {
      items: feeds.reduce((sum, { items }) => sum + items, 0),
      bytes: feeds.reduce((sum, { bytes }) => sum + bytes, 0),
    }
  }

  get warmCount(): number {
    return this.#deps.warm.readyCount
  }

  get isBooting(): boolean {
    return this.records().some((record) => stateOf(record) === 'starting')
  }

  /** Where machines and disks of the sessions are. */
  places(): Set<SessionId> {
    return new Set(this.records().map(placeOf))
  }

  /** Forgets what ended long ago and whose story has been told. */
  async sweep(nowMs: number): Promise<void> {
    for (const hosted of this.all()) {
      if (!this.#isForgettable(hosted, nowMs)) continue
      const { session } = hosted.vm.context.record
      this.#hosted.delete(session)
      await this.#forget(hosted)
      await this.#deps.session.journal.remove(session)
      this.#deps.session.onChange()
    }
    for (const hosted of this.#retired) {
      if (!this.#isForgettable(hosted, nowMs)) continue
      this.#retired.delete(hosted)
      await this.#forget(hosted)
    }
  }

  /** Lets every machine run on without us. */
  async detach(): Promise<void> {
    await Promise.all(this.all().map(({ vm }) => vm.detach()))
    const feeds = [...this.all(), ...this.#retired].map(({ feed }) => feed)
    await Promise.all(feeds.map((feed) => feed.close()))
  }

  #host(record: VmRecord): Hosted {
    const feed = this.#deps.feeds.open(record)
    const context = createContext(this.#deps.session, feed.feed, record)
    const hosted = { vm: new VmSession(context, this.#deps.times), feed }
    this.#hosted.set(record.session, hosted)
    this.#deps.onAdopted(record.session)
    return hosted
  }

  /** The same run is simply there; an older one of the same session has to end first. */
  async #startAgain(known: Hosted, epoch: number): Promise<{ bootId: BootId }> {
    const { record } = known.vm.context
    if (record.epoch === epoch) return { bootId: record.bootId }
    await known.vm.surrender()
    throw new VesselError('SESSION_BUSY', { detail: 'an older run of it is still ending here' })
  }

  /** A newer run takes the project's name: an older one on this host gives it up at once. */
  async #closeOlderDoors(record: VmRecord): Promise<void> {
    for (const { vm } of this.all()) {
      const other = vm.context.record
      const isOlder = other.project === record.project && other.epoch < record.epoch
      if (isOlder && other.session !== record.session && other.end === null) await vm.surrender()
    }
  }

  #shortage(session: SessionId, spec: MachineSpec) {
    const host = { limits: this.#deps.limits, disk: this.#deps.disk() }
    return shortageFor(spec, this.usage(session), host)
  }

  #isForgettable({ vm, feed }: Hosted, nowMs: number): boolean {
    const { end } = vm.context.record
    if (!end?.isAnnounced) return false
    const endedForMs = nowMs - Date.parse(end.at)
    return endedForMs > UNDRAINED_KEPT_MS || (endedForMs > ENDED_KEPT_MS && feed.isDrained)
  }

  async #forget({ vm, feed }: Hosted): Promise<void> {
    const { session, bootId: boot } = vm.context.record
    await feed.close()
    await this.#deps.feeds.remove(session, boot)
  }
}
