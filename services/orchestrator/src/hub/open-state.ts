import type { TopicItem } from '@vessel/proto/browser/topic-items'
import type { Topic } from '@vessel/proto/browser/topics'
import type { ProjectId } from '@vessel/proto/ids'
import type { NoticeAddress } from './ports.ts'
import { PresenceRoom } from './presence-room.ts'
import { StateChannel } from './state-channel.ts'
import { StateWatch } from './state-watch.ts'
import type { Subscribing } from './subscribing.ts'

export type StateTopic = Exclude<Topic, { kind: 'session' }>

/** Opens a topic that is state only: the snapshot, then its changes. */
export async function openState(
  request: Subscribing & { readonly topic: StateTopic },
  signal: AbortSignal,
): Promise<void> {
  const { connection, watched, topic } = request
  const sendOk = () => {
    const { name, subId: id } = watched
    connection.send({ type: 'ok', id, topic: name, recovered: false, head: null })
  }
  const watch = createStateWatch(request, {
    address: addressOf(topic),
    accepts: (item) => belongsTo(topic, item),
    onRefresh: sendOk,
  })
  await watch.open(() => {
    signal.throwIfAborted()
    watched.isOpen = true
    sendOk()
  })
  if (topic.kind === 'project') enterRoom(request, topic.id)
}

export interface StateSource {
  readonly address: NoticeAddress
  readonly accepts: (item: TopicItem) => boolean
  readonly onRefresh?: () => void
  /** Called once for a channel that is new. */
  readonly onMade?: (channel: StateChannel) => void
}

/** A watch on the topic's shared channel; it ends with the subscription. */
export function createStateWatch(request: Subscribing, source: StateSource): StateWatch {
  const { ctx, connection, viewer, topic, watched } = request
  const lease = ctx.channels.acquire(watched.name, () => {
    const { notifications, clock, limits } = ctx
    const { address, accepts } = source
    const topic = watched.name
    const channel = new StateChannel({ topic, address, accepts, notifications, clock, limits })
    source.onMade?.(channel)
    return channel
  })
  const watch = new StateWatch({
    topic: watched.name,
    channel: lease.value,
    outlet: connection,
    limits: ctx.limits,
    ...(source.onRefresh ? { onRefresh: source.onRefresh } : {}),
    readSnapshot: () =>
      ctx.snapshotSlots.run(async () =>
        // It may have left while it waited for its turn.
        watched.ended.isEnded ? [] : ctx.domain.snapshot(viewer, topic),
      ),
    onFailed: (cause) =>
      ctx.log.warn({ topic: watched.name, err: String(cause) }, 'state not read again'),
  })
  watched.ended.onEnd(() => {
    watch.stop()
    lease.release()
  })
  return watch
}

function addressOf(topic: StateTopic): NoticeAddress {
  switch (topic.kind) {
    case 'user':
      return { kind: 'user', id: topic.id }
    case 'project':
      return { kind: 'project', id: topic.id }
    case 'host':
    case 'admin':
      return { kind: 'admin' }
  }
}

/** A notice may carry more than a topic shows; what is not named here is shown to nobody. */
function belongsTo(topic: StateTopic, item: TopicItem): boolean {
  switch (topic.kind) {
    case 'user':
      return item.kind === 'project' || item.kind === 'project-removed'
    case 'project':
      if (item.kind === 'project') return item.project.id === topic.id
      return item.kind === 'project-removed' && item.projectId === topic.id
    case 'host':
      return item.kind === 'host' && item.host.id === topic.id
    case 'admin':
      return item.kind === 'host'
  }
}

/** Who else is there. Only now that the reader was let in. */
function enterRoom({ ctx, connection, watched }: Subscribing, project: ProjectId): void {
  const { ended, name: topic } = watched
  if (ended.isEnded) return
  const lease = ctx.rooms.acquire(project, () => new PresenceRoom({ ...ctx, project }))
  const room = lease.value
  const unwatch = room.watch(({ join, leave }) => {
    connection.send({ type: 'presence', topic, join: [...join], leave: [...leave] })
  })
  const leave = () => {
    unwatch()
    room.exit(connection.id)
    lease.release()
  }
  ended.onEnd(leave)
  watched.room = room
  connection.send({ type: 'presence', topic, join: [], leave: [], list: [...room.members] })
}
