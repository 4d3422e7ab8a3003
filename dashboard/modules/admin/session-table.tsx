'use client'

import type { AdminSessionView } from '@vessel/proto/http/session-view'
import { formatMemory } from '../../lib/format-bytes.ts'
import { formatAgo } from '../../lib/format-time.ts'
import { useNow } from '../../lib/use-now.ts'
import { Badge } from '../../ui/badge.tsx'
import { Cell, Table } from '../../ui/table.tsx'
import { badgeFor } from '../session/state-words.ts'
import { ShortId } from './short-id.tsx'

const COLUMNS = ['Session', 'State', 'Host', 'Owner', 'Machine', 'Started', 'Last activity']
const TICK_MS = 10_000

export function SessionTable({ sessions }: { sessions: readonly AdminSessionView[] }) {
  const now = useNow(TICK_MS)
  return (
    <Table label="Sessions" columns={COLUMNS}>
      {sessions.map((session) => {
        const badge = badgeFor(session)
        const { spec } = session
        return (
          <tr key={session.id}>
            <Cell>
              <ShortId id={session.id} />
            </Cell>
            <Cell>
              <Badge tone={badge.tone} isLive={badge.isLive}>
                {badge.label}
              </Badge>
            </Cell>
            <Cell>{session.hostId ?? '–'}</Cell>
            <Cell>
              <ShortId id={session.userId} />
            </Cell>
            <Cell>
              {spec.cpuCount} CPU · {formatMemory(spec.memoryMib)}
            </Cell>
            <Cell>{formatAgo(session.createdAt, now)}</Cell>
            <Cell>{session.lastActivityAt ? formatAgo(session.lastActivityAt, now) : '–'}</Cell>
          </tr>
        )
      })}
    </Table>
  )
}
