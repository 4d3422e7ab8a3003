'use client'

import { formatTopic } from '@vessel/proto/browser/topics'
import type { ProjectId } from '@vessel/proto/ids'
import { useEffect, useMemo, useState } from 'react'
import type { PresenceMember, PresenceState, TopicHandlers } from '../../live/types.ts'
import { useSocket, useTopic } from './live-provider.tsx'

/** Says where on a project this page is, and hears who else is on it. */
export function usePresence(projectId: ProjectId, state: PresenceState): readonly PresenceMember[] {
  const socket = useSocket()
  const [members, setMembers] = useState<readonly PresenceMember[]>([])
  const topic = formatTopic({ kind: 'project', id: projectId })
  const handlers = useMemo<TopicHandlers>(() => ({ onPresence: setMembers }), [])
  useTopic(topic, handlers)

  useEffect(() => {
    if (!socket) return
    const tell = (): void =>
      socket.setPresence(topic, document.visibilityState === 'visible' ? state : 'away')
    tell()
    document.addEventListener('visibilitychange', tell)
    return () => {
      document.removeEventListener('visibilitychange', tell)
      socket.setPresence(topic, null)
    }
  }, [socket, topic, state])
  return members
}
