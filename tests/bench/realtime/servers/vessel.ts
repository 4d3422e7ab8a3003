import { randomUUID } from 'node:crypto'
import { startHub } from '@vessel/orchestrator/testing/hub-stack'
import { projectItem, sessionItem } from '@vessel/orchestrator/testing/items'
import type { TopicItem } from '@vessel/proto/browser/topic-items'
import { formatTopic, type Topic } from '@vessel/proto/browser/topics'
import type { ProjectId } from '@vessel/proto/ids'
import { verifyToken } from '../support/tokens.ts'
import { type Relay, type RelayOptions, serveRelay } from './relay.ts'

/** The hub itself. Only the database is not there: who may watch what is held in memory. */
async function startVessel({ natsUrl, port }: RelayOptions): Promise<Relay> {
  const revoked = new Set<string>()
  const projectOf = new Map<string, ProjectId>()
  const projectOfSession = (id: string) => {
    const known = projectOf.get(id) ?? (randomUUID() as ProjectId)
    projectOf.set(id, known)
    return known
  }
  const domain = {
    verifyToken,
    hasEnded: () => false,
    mayWatch: async (_viewer: unknown, topic: Topic) => !revoked.has(formatTopic(topic)),
    snapshot: async (_viewer: unknown, topic: Topic): Promise<TopicItem[]> => {
      if (topic.kind === 'session') return [sessionItem(topic.id, projectOfSession(topic.id), 1)]
      if (topic.kind === 'user') return [projectItem(randomUUID() as ProjectId, 1)]
      return []
    },
  }
  const { hub, url } = await startHub(natsUrl, { domain, port })
  return {
    url,
    connections: () => hub.connectionCount(),
    waitingBytes: () => hub.sockets().reduce((sum, { counters }) => sum + counters.bytesWaiting, 0),
    revoke: (topic) => revoked.add(topic),
  }
}

serveRelay(startVessel)
