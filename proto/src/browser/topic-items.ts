import { z } from 'zod'
import { feedItem } from '../events/feed.ts'
import { systemMetrics } from '../guest/messages.ts'
import { hostView } from '../http/admin.ts'
import { projectView } from '../http/project-view.ts'
import { adminSessionView, sessionView } from '../http/session-view.ts'
import { projectId, sessionId } from '../ids.ts'
import { copySockets } from './socket-view.ts'

/** On `user:` and `project:`: the state itself, so a lost one is healed by the next. */
export const projectChanged = z.object({ kind: z.literal('project'), project: projectView })
export const projectRemoved = z.object({ kind: z.literal('project-removed'), projectId })
/** On `session:`: the state beside the feed. */
export const sessionChanged = z.object({ kind: z.literal('session'), session: sessionView })
/** On `session:`: load of the machine. Not sequenced: only the newest matters. */
export const metricItem = z.object({
  kind: z.literal('metric'),
  session: sessionId,
  message: systemMetrics,
})
/** On `host:` and `admin`. */
export const hostChanged = z.object({ kind: z.literal('host'), host: hostView })
/** On `admin`: a session of anyone, with its host and owner. */
export const adminSessionChanged = z.object({
  kind: z.literal('admin-session'),
  session: adminSessionView,
})
/** On `admin`: what browsers are sent and how far they are behind. */
export const socketsItem = z.object({ kind: z.literal('sockets'), sockets: copySockets })

/** On `session:`: lines, steps and events as the agent stamped them, in order, without holes. */
export const topicItem = z.union([
  feedItem,
  projectChanged,
  projectRemoved,
  sessionChanged,
  metricItem,
  hostChanged,
  adminSessionChanged,
  socketsItem,
])
export type TopicItem = z.infer<typeof topicItem>
