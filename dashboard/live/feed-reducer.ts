import type { TopicItem } from '@vessel/proto/browser/topic-items'
import type { FeedItem } from '@vessel/proto/events/feed'
import type { LifecycleEvent } from '@vessel/proto/events/lifecycle'
import type { SystemMetrics } from '@vessel/proto/guest/messages'
import type { SessionView } from '@vessel/proto/http/session-view'
import type { StepName } from '@vessel/proto/steps'
import type { Gap } from './types.ts'

/** Most rows a page keeps; older ones fall away and `rowsDropped` says how many. */
export const ROWS_MAX = 10_000
/** Metric samples kept for the sparklines: ten minutes at one every 5 s. */
export const METRICS_MAX = 120

type Line = Extract<FeedItem, { kind: 'line' }>

/** What the terminal shows, in order: a line of output, a step's line, or a visible hole. */
export type FeedRow =
  | { readonly kind: 'line'; readonly key: string; readonly at: string; readonly line: Line }
  | { readonly kind: 'gap'; readonly key: string; readonly gap: Gap }

export interface StepProgress {
  readonly step: StepName
  readonly state: 'started' | 'progress' | 'done' | 'skipped' | 'failed'
  readonly startedAt: string
  readonly durationMs: number | null
  readonly fraction: number | null
  readonly detail: string | null
}

/** Everything a `session:` topic told, ready to draw. Immutable: a new object for every change. */
export interface FeedState {
  readonly session: SessionView | null
  /** The boot the steps belong to: a new boot starts the list anew. */
  readonly bootId: string | null
  readonly rows: readonly FeedRow[]
  readonly rowsDropped: number
  /** Steps of the current boot, in the order they began. */
  readonly steps: readonly StepProgress[]
  /** The newest lifecycle event of each type in the current boot. */
  readonly events: { readonly [T in LifecycleEvent['type']]?: Extract<LifecycleEvent, { type: T }> }
  /** Oldest first. */
  readonly metrics: readonly SystemMetrics[]
}

export type FeedAction =
  | { readonly type: 'items'; readonly items: readonly TopicItem[] }
  | { readonly type: 'gap'; readonly gap: Gap }
  | { readonly type: 'reset' }

export const EMPTY_FEED: FeedState = {
  session: null,
  bootId: null,
  rows: [],
  rowsDropped: 0,
  steps: [],
  events: {},
  metrics: [],
}

export function feedReducer(state: FeedState, _action: FeedAction): FeedState {
  return state
}
