import type { Slots } from '../slots.ts'
import type { Connection } from './connection.ts'
import type { HubMetrics } from './hub-metrics.ts'
import type { Limiter } from './limiter.ts'
import type { HubLimits } from './limits.ts'
import type {
  Clock,
  FeedSource,
  HubDomain,
  HubLogger,
  MetricSource,
  Notifications,
} from './ports.ts'
import type { PresenceRoom } from './presence-room.ts'
import type { SessionLog } from './session-log.ts'
import type { Shared } from './shared.ts'
import type { StateChannel } from './state-channel.ts'

/** What the handlers of client frames work with. */
export interface HubContext {
  /** Name of this copy among those that tell each other. */
  readonly node: string
  readonly domain: HubDomain
  readonly feed: FeedSource
  readonly metricSource: MetricSource
  readonly notifications: Notifications
  readonly clock: Clock
  readonly log: HubLogger
  readonly limits: HubLimits
  readonly limiter: Limiter
  readonly metrics: HubMetrics
  readonly connections: Set<Connection>
  /** Of them, those who have not said who they are. */
  readonly unauthenticated: Set<Connection>
  /** Of each user who is there. */
  readonly byUser: Map<string, Connection[]>
  readonly logs: Shared<SessionLog>
  readonly channels: Shared<StateChannel>
  readonly rooms: Shared<PresenceRoom>
  readonly historySlots: Slots
  readonly snapshotSlots: Slots
}
