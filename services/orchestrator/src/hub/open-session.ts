import type { ProjectId, SessionId } from '@vessel/proto/ids'
import { FROM_THE_OLDEST, locate, type Start } from './locate.ts'
import { LogReader } from './log-reader.ts'
import { createStateWatch } from './open-state.ts'
import { SessionLog } from './session-log.ts'
import { StateChannel } from './state-channel.ts'
import type { StateWatch } from './state-watch.ts'
import { type Subscribing, sendOk } from './subscribing.ts'

type SessionRequest = Subscribing & {
  readonly topic: { readonly kind: 'session'; readonly id: SessionId }
}

/** Opens a session: its state, its whole log from where the reader was, and its load. */
export async function openSession(request: SessionRequest, signal: AbortSignal): Promise<void> {
  const { ctx, topic, watched, since } = request
  const lease = acquireLog(request)
  const log = lease.value
  watched.ended.add(lease)

  const [located, state] = await Promise.all([
    log
      .waitUntil(() => log.isCaughtUp, signal)
      .then(() => locate({ ...ctx, session: topic.id, log }, since, signal)),
    watchState(request),
  ])
  signal.throwIfAborted()
  let start = located
  const announce = () => {
    signal.throwIfAborted()
    // A hole may have come up while the state was read.
    if (!log.isWholeAfter(start.cursor)) start = FROM_THE_OLDEST
    watched.isOpen = true
    sendOk(request, { recovered: start.isRecovered, head: log.head })
  }
  if (state) await state.open(announce)
  else announce()
  if (!watched.ended.isEnded) startReader(request, log, start)
}

function startReader(request: SessionRequest, log: SessionLog, start: Start): void {
  const seen = start.isRecovered && request.since ? request.since : null
  const reader = new LogReader(request, log, { streamSeq: start.cursor, seen })
  request.watched.reader = reader
  request.watched.ended.add(reader)
  reader.pump()
}

function acquireLog({ ctx, topic, watched }: SessionRequest) {
  return ctx.logs.acquire(
    watched.name,
    () =>
      new SessionLog({
        ...ctx,
        session: topic.id,
        slots: ctx.historySlots,
        onReset: () => {
          ctx.log.warn({ session: topic.id }, 'log stream was made anew, readers start over')
          // Its places mean nothing now. Who watches it comes back and is located afresh.
          for (const connection of [...ctx.connections]) {
            if (connection.topic(watched.name)) connection.close('goingAway')
          }
          ctx.logs.drop(watched.name)
        },
      }),
  )
}

/** The session's own state and load. Changes are published on its project's subject. */
async function watchState(request: SessionRequest): Promise<StateWatch | null> {
  const { ctx, viewer, topic } = request
  const items = await ctx.domain.snapshot(viewer, topic)
  const known = items.find((item) => item.kind === 'session')
  if (known?.kind !== 'session') return null

  const { projectId } = known.session
  return createStateWatch(request, () => makeChannel(request, projectId))
}

function makeChannel({ ctx, topic, watched }: SessionRequest, project: ProjectId): StateChannel {
  const channel = new StateChannel({
    topic: watched.name,
    address: { kind: 'project', id: project },
    accepts: (item) => item.kind === 'session' && item.session.id === topic.id,
    notifications: ctx.notifications,
    clock: ctx.clock,
    limits: ctx.limits,
  })
  const watchLoad = ctx.metricSource.watch(topic.id, (message) =>
    channel.sample({ kind: 'metric', session: topic.id, message }),
  )
  channel.endWith(watchLoad)
  return channel
}
