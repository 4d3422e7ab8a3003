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
type StepItem = Extract<FeedItem, { kind: 'step' }>

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

/** Draws a session from what its topic tells. Feed it every action of `TopicHandlers`, in order. */
export function feedReducer(state: FeedState, action: FeedAction): FeedState {
  switch (action.type) {
    case 'reset':
      return EMPTY_FEED
    case 'gap':
      return withRows(state, [...state.rows, gapRow(action.gap)])
    case 'items':
      return action.items.length === 0 ? state : takeItems(state, action.items)
  }
}

function takeItems(state: FeedState, items: readonly TopicItem[]): FeedState {
  let next = state
  let rows = [...state.rows]
  const hasGaps = rows.some(({ kind }) => kind === 'gap')
  for (const item of items) {
    if (item.kind === 'session') next = { ...next, session: item.session }
    if (item.kind === 'metric') next = withMetric(next, item.message)
    if (!('seq' in item)) continue
    if (hasGaps) rows = takeFromGap(rows, item)
    if (item.kind === 'line') rows = insertLine(rows, item)
    next = takeProgress(next, item)
  }
  return withRows(next, rows)
}

function withMetric(state: FeedState, message: SystemMetrics): FeedState {
  return { ...state, metrics: [...state.metrics, message].slice(-METRICS_MAX) }
}

function withRows(state: FeedState, rows: readonly FeedRow[]): FeedState {
  const tooMany = Math.max(0, rows.length - ROWS_MAX)
  return {
    ...state,
    rows: tooMany > 0 ? rows.slice(tooMany) : rows,
    rowsDropped: state.rowsDropped + tooMany,
  }
}

/** Steps and events belong to one boot; the next attempt begins with a clean list. */
function takeProgress(state: FeedState, item: FeedItem): FeedState {
  const current =
    state.bootId === item.bootId ? state : { ...state, bootId: item.bootId, steps: [], events: {} }
  if (item.kind === 'step') return { ...current, steps: takeStep(current.steps, item) }
  if (item.kind !== 'event') return current
  return { ...current, events: { ...current.events, [item.event.type]: item.event } }
}

function takeStep(steps: readonly StepProgress[], item: StepItem): readonly StepProgress[] {
  const known = steps.find(({ step }) => step === item.step)
  const next: StepProgress = {
    step: item.step,
    state: item.state,
    startedAt: known && item.state !== 'started' ? known.startedAt : item.at,
    durationMs: item.durationMs ?? null,
    fraction: item.fraction ?? (item.state === 'progress' ? (known?.fraction ?? null) : null),
    detail: item.detail ?? known?.detail ?? null,
  }
  return known ? steps.map((step) => (step === known ? next : step)) : [...steps, next]
}

function gapRow(gap: Gap): FeedRow {
  return { kind: 'gap', key: `gap:${gap.bootId}:${gap.from}`, gap }
}

function covers({ gap }: Extract<FeedRow, { kind: 'gap' }>, item: FeedItem): boolean {
  return gap.bootId === item.bootId && item.seq >= gap.from && item.seq <= gap.to
}

/** An item that was missing has come after all: the gap closes around it. */
function takeFromGap(rows: FeedRow[], item: FeedItem): FeedRow[] {
  const at = rows.findLastIndex((row) => row.kind === 'gap' && covers(row, item))
  const row = rows[at]
  if (row?.kind !== 'gap') return rows
  const { bootId, from, to } = row.gap
  const before = { bootId, from, to: item.seq - 1 }
  const after = { bootId, from: item.seq + 1, to }
  const rest = [before, after].filter((gap) => gap.from <= gap.to).map(gapRow)
  return [...rows.slice(0, at), ...rest, ...rows.slice(at + 1)]
}

/** At the end, but for one that comes late: it goes where its number says. */
function insertLine(rows: FeedRow[], line: Line): FeedRow[] {
  const row: FeedRow = { kind: 'line', key: `${line.bootId}:${line.seq}`, at: line.at, line }
  let at = rows.length
  for (let before = rows.length - 1; before >= 0; before--) {
    const start = startOf(rows[before], line.bootId)
    if (start === null) continue
    if (start < line.seq) break
    at = before
  }
  rows.splice(at, 0, row)
  return rows
}

/** The number a row begins with, when it is of the boot. */
function startOf(row: FeedRow | undefined, bootId: string): number | null {
  if (row?.kind === 'line') return row.line.bootId === bootId ? row.line.seq : null
  return row?.gap.bootId === bootId ? row.gap.from : null
}
