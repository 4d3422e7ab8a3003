import {
  type HostId,
  hostId,
  type ProjectId,
  projectId,
  type SessionId,
  sessionId,
  type UserId,
  userId,
} from '../ids.ts'

/** What a browser may watch. Who may watch it is decided at every subscribe. */
export type Topic =
  | { kind: 'user'; id: UserId }
  | { kind: 'project'; id: ProjectId }
  | { kind: 'session'; id: SessionId }
  | { kind: 'host'; id: HostId }
  | { kind: 'admin' }

export function formatTopic(topic: Topic): string {
  return topic.kind === 'admin' ? 'admin' : `${topic.kind}:${topic.id}`
}

/** Null for any other spelling. */
export function parseTopic(text: string): Topic | null {
  if (text === 'admin') return { kind: 'admin' }
  const [kind, id, ...rest] = text.split(':')
  if (rest.length > 0 || id === undefined) return null

  if (kind === 'user') {
    const parsed = userId.safeParse(id)
    return parsed.success ? { kind, id: parsed.data } : null
  }
  if (kind === 'project') {
    const parsed = projectId.safeParse(id)
    return parsed.success ? { kind, id: parsed.data } : null
  }
  if (kind === 'session') {
    const parsed = sessionId.safeParse(id)
    return parsed.success ? { kind, id: parsed.data } : null
  }
  if (kind === 'host') {
    const parsed = hostId.safeParse(id)
    return parsed.success ? { kind, id: parsed.data } : null
  }
  return null
}
