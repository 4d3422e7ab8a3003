import { randomUUID } from 'node:crypto'
import type { ProjectId, UserId } from '@vessel/proto/ids'
import type { HubLimits } from './limits.ts'
import type { Notice } from './notice.ts'
import type { Clock, Notifications, Viewer } from './ports.ts'
import { compareMembers, type Member, mergeMembers, type PresenceState } from './roster.ts'

export interface PresenceChange {
  readonly join: readonly Member[]
  readonly leave: readonly UserId[]
}

export interface PresenceRoomDeps {
  readonly project: ProjectId
  readonly notifications: Notifications
  readonly clock: Clock
  readonly limits: HubLimits
}

interface Remote {
  readonly members: readonly Member[]
  readonly atMs: number
}

/**
 * Who is on one project, over all orchestrators.
 *
 * Each orchestrator tells its *whole* list whenever it changes and every 25 s, and forgets a list
 * that was not repeated for 60 s. So a lost message and a dead orchestrator both heal.
 */
export class PresenceRoom {
  readonly #deps: PresenceRoomDeps
  readonly #node = randomUUID()
  /** Here: by connection, because a person may have several. */
  readonly #local = new Map<string, Member>()
  readonly #remote = new Map<string, Remote>()
  readonly #watchers = new Set<(change: PresenceChange) => void>()
  readonly #leaving = new Map<string, unknown>()
  #shown = new Map<string, Member>()
  #end: (() => void) | null = null
  #isStopped = false
  #refresh: unknown = null

  constructor(deps: PresenceRoomDeps) {
    this.#deps = deps
    void this.#open()
    this.#scheduleRefresh()
  }

  get members(): readonly Member[] {
    return [...this.#shown.values()].slice(0, this.#deps.limits.presenceMembersMax)
  }

  watch(watcher: (change: PresenceChange) => void): () => void {
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }

  enter(connectionId: string, viewer: Viewer, state: PresenceState): void {
    this.#local.set(connectionId, { userId: viewer.userId, name: viewer.name, state })
    this.#announce()
  }

  exit(connectionId: string): void {
    if (this.#local.delete(connectionId)) this.#announce()
  }

  stop(): void {
    this.#isStopped = true
    this.#local.clear()
    this.#publish()
    const { clock } = this.#deps
    clock.clearTimer(this.#refresh)
    for (const timer of this.#leaving.values()) clock.clearTimer(timer)
    this.#watchers.clear()
    this.#end?.()
  }

  async #open(): Promise<void> {
    const { notifications } = this.#deps
    const end = await notifications.subscribe(this.#address, (notice) => this.#onNotice(notice))
    if (this.#isStopped) return end()
    this.#end = end
    notifications.publish(this.#address, { kind: 'presence-ask', node: this.#node })
  }

  get #address() {
    return { kind: 'project' as const, id: this.#deps.project }
  }

  #onNotice(notice: Notice): void {
    if (notice.kind !== 'presence' && notice.kind !== 'presence-ask') return
    if (notice.node === this.#node) return
    if (notice.kind === 'presence-ask') {
      this.#publish()
      return
    }
    const { clock } = this.#deps
    this.#remote.set(notice.node, { members: notice.members, atMs: clock.now() })
    this.#update()
  }

  #announce(): void {
    this.#publish()
    this.#update()
  }

  #publish(): void {
    const members = [...mergeMembers([[...this.#local.values()]]).values()].slice(
      0,
      this.#deps.limits.presenceMembersMax,
    )
    this.#deps.notifications.publish(this.#address, {
      kind: 'presence',
      node: this.#node,
      members,
    })
  }

  #scheduleRefresh(): void {
    const { clock, limits } = this.#deps
    this.#refresh = clock.setTimer(() => {
      const oldest = clock.now() - limits.presenceTtlMs
      for (const [node, { atMs }] of this.#remote) if (atMs < oldest) this.#remote.delete(node)
      if (this.#local.size > 0) this.#publish()
      this.#update()
      this.#scheduleRefresh()
    }, limits.presenceRefreshMs)
  }

  #update(): void {
    const remote = [...this.#remote.values()].map(({ members }) => members)
    const now = mergeMembers([[...this.#local.values()], ...remote])
    const { join, gone } = compareMembers(this.#shown, now)
    for (const member of now.values()) this.#cancelLeave(member.userId)
    for (const member of join) this.#shown.set(member.userId, member)
    for (const userId of gone) this.#startLeave(userId as UserId)
    if (join.length > 0) this.#tell({ join, leave: [] })
  }

  /** A reload is gone for a second: it must not look like a leave and a join. */
  #startLeave(userId: UserId): void {
    if (this.#leaving.has(userId)) return
    const { clock, limits } = this.#deps
    const leave = () => {
      this.#leaving.delete(userId)
      this.#shown.delete(userId)
      this.#tell({ join: [], leave: [userId] })
    }
    this.#leaving.set(userId, clock.setTimer(leave, limits.presenceLeaveAfterMs))
  }

  #cancelLeave(userId: string): void {
    const timer = this.#leaving.get(userId)
    if (timer === undefined) return
    this.#deps.clock.clearTimer(timer)
    this.#leaving.delete(userId)
  }

  #tell(change: PresenceChange): void {
    for (const watcher of [...this.#watchers]) watcher(change)
  }
}
