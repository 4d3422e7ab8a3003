import type { SessionId } from '@vessel/proto/ids'
import { FROM_THE_OLDEST, locate } from './locate.ts'
import { LogReader } from './log-reader.ts'
import { createStateWatch } from './open-state.ts'
import { SessionLog } from './session-log.ts'
import type { StateWatch } from './state-watch.ts'
import { failTopic, type Subscribing } from './subscribing.ts'

type SessionRequest = Subscribing & {
  readonly topic: { readonly kind: 'session'; readonly id: SessionId }
}

/** Opens a session: its state, its whole log from where the reader was, and its load. */
export async function openSession(request: SessionRequest, signal: AbortSignal): Promise<void> {
  const { ctx, connection, topic, watched, since } = request
  const lease = acquireLog(request)
  const log = lease.value
  const { ended } = watched
  ended.onEnd(lease.release)

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
    connection.send({
      type: 'ok',
      id: watched.subId,
      topic: watched.name,
      recovered: start.isRecovered,
      head: log.head,
    })
  }
  if (state) await state.open(announce)
  else announce()
  if (ended.isEnded) return

  const reader = new LogReader(
    {
      history: log.historyDeps,
      ended,
      outlet: connection,
      onFailed: (cause) => failTopic(request, cause),
    },
    { streamSeq: start.cursor, seen: start.isRecovered && since ? since : null },
  )
  ended.onEnd(() => reader.stop())
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
            if (connection.topics.has(watched.name)) connection.close('goingAway')
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

  return createStateWatch(request, {
    address: { kind: 'project', id: known.session.projectId },
    accepts: (item) => item.kind === 'session' && item.session.id === topic.id,
    onMade: (channel) => {
      const watchLoad = ctx.metricSource.watch(topic.id, (message) =>
        channel.sample({ kind: 'metric', session: topic.id, message }),
      )
      channel.endWith(watchLoad)
    },
  })
}
