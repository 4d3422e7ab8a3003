import { presenceMember } from '@vessel/proto/browser/server-frames'
import { topicItem } from '@vessel/proto/browser/topic-items'
import { z } from 'zod'

/** State that changed, as its watchers are to see it. */
const itemsNotice = z.object({ kind: z.literal('items'), items: z.array(topicItem).max(1_000) })

/** Who is on a project at one orchestrator: always its whole list, so that a lost one heals. */
const presenceNotice = z.object({
  kind: z.literal('presence'),
  node: z.uuid(),
  members: z.array(presenceMember).max(1_000),
})

/** An orchestrator has its first watcher of a project and asks the others for their lists. */
const presenceAsk = z.object({ kind: z.literal('presence-ask'), node: z.uuid() })

/** Somebody looks at the sockets of all copies: each is to tell of its own. */
const socketsAsk = z.object({ kind: z.literal('sockets-ask') })

/** What is published on the notify subjects. A kind of a newer release is dropped unread. */
export const notice = z.discriminatedUnion('kind', [
  itemsNotice,
  presenceNotice,
  presenceAsk,
  socketsAsk,
])
export type Notice = z.infer<typeof notice>
