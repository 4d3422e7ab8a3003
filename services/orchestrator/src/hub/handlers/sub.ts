import type { subFrame } from '@vessel/proto/browser/client-frames'
import { parseTopic } from '@vessel/proto/browser/topics'
import { VesselError } from '@vessel/proto/errors'
import type { z } from 'zod'
import type { Connection } from '../connection.ts'
import type { HubContext } from '../context.ts'
import { Ending } from '../ending.ts'
import { openSession } from '../open-session.ts'
import { openState } from '../open-state.ts'
import { failTopic, refusalOf, type Subscribing } from '../subscribing.ts'
import { untilAborted } from '../until-aborted.ts'

/** Watches a topic, when its reader may. A second `sub` of a topic starts it over. */
export function onSub(
  ctx: HubContext,
  connection: Connection,
  frame: z.infer<typeof subFrame>,
): void {
  const { viewer } = connection
  const topic = parseTopic(frame.topic)
  if (!viewer || !topic) {
    connection.sendError('NOT_FOUND', 'No such topic.', frame.id)
    return
  }

  connection.unwatch(frame.topic)
  if (connection.topics.length >= ctx.limits.topicsPerConnectionMax) {
    connection.sendError('BAD_REQUEST', 'Too many topics on one connection.', frame.id)
    return
  }
  const watched = {
    name: frame.topic,
    subId: frame.id,
    ended: new Ending(),
    isOpen: false,
    reader: null,
    room: null,
  }
  connection.watch(watched)

  const request = { ctx, connection, viewer, topic, watched, since: frame.since }
  watched.ended
    .during((signal) => untilAborted(subscribe(request, signal), signal), ctx.limits.openWithinMs)
    .catch((cause) => failTopic(request, cause))
}

async function subscribe(request: Subscribing, signal: AbortSignal): Promise<void> {
  const { ctx, viewer, topic } = request
  if (!(await ctx.domain.mayWatch(viewer, topic))) throw new VesselError(refusalOf(topic))
  signal.throwIfAborted()
  if (topic.kind === 'session') await openSession({ ...request, topic }, signal)
  else await openState({ ...request, topic }, signal)
}
