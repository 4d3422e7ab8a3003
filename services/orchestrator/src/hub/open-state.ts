import type { TopicItem } from '@vessel/proto/browser/topic-items'
import type { Topic } from '@vessel/proto/browser/topics'
import type { ProjectId } from '@vessel/proto/ids'
import type { NoticeAddress } from './ports.ts'
import { PresenceRoom } from './presence-room.ts'
import { StateChannel } from './state-channel.ts'
import { StateWatch } from './state-watch.ts'
import { type Subscribing, sendOk } from './subscribing.ts'

export type StateTopic = Exclude<Topic, { kind: 'session' }>
type StateRequest = Subscribing & { readonly topic: StateTopic }

/** Opens a topic that is state only: the snapshot, then its changes. */
export async function openState(request: StateRequest, signal: AbortSignal): Promise<void> {
  const { watched, topic } = request
  const watch = createStateWatch(request, () => makeChannel(request))
  await watch.open(() => {
    signal.throwIfAborted()
    watched.isOpen = true
    sendOk(request)
  })
  if (topic.kind === 'project') enterRoom(request, topic.id)
}

function makeChannel({ ctx, topic, watched }: StateRequest): StateChannel {
  return new StateChannel({
    topic: watched.name,
    address: addressOf(topic),
    accepts: (item) => belongsTo(topic, item),
    notifications: ctx.notifications,
    clock: ctx.clock,
    limits: ctx.limits,
  })
}

/** A watch on the topic's shared channel; it ends with the subscription. */
export function createStateWatch(request: Subscribing, make: () => StateChannel): StateWatch {
  const { ctx, watched } = request
  const lease = ctx.channels.acquire(watched.name, make)
  const watch = new StateWatch(request, lease.value)
  watched.ended.add(watch)
  watched.ended.add(lease)
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

const ADMIN_KINDS: ReadonlySet<string> = new Set(['host', 'admin-session', 'sockets'])

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
      return ADMIN_KINDS.has(item.kind)
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
    lease.end()
  }
  ended.add({ end: leave })
  watched.room = room
  connection.send({ type: 'presence', topic, join: [], leave: [], list: [...room.members] })
}
