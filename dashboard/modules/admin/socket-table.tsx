'use client'

import type { CopySockets, SocketView } from '@vessel/proto/browser/socket-view'
import { formatBytes } from '../../lib/format-bytes.ts'
import { formatAgo } from '../../lib/format-time.ts'
import { useNow } from '../../lib/use-now.ts'
import { Badge } from '../../ui/badge.tsx'
import { Cell, Table } from '../../ui/table.tsx'
import { ShortId } from './short-id.tsx'

const COLUMNS = [
  'Browser',
  'User',
  'State',
  'Waiting',
  'Lines behind',
  'Sent',
  'Replayed',
  'Gaps',
  'Held',
  'Refused',
  'Since',
]
const TICK_MS = 10_000

function SocketState({ userId, counters }: Pick<SocketView, 'userId' | 'counters'>) {
  if (userId === null) return <Badge tone="busy">Not logged in</Badge>
  const { itemsBehind, gapsSent } = counters
  if (itemsBehind > 0) return <Badge tone="bad">Behind</Badge>
  if (gapsSent > 0) return <Badge tone="move">Missed lines</Badge>
  return <Badge tone="good">In step</Badge>
}

const count = (value: number): string => value.toLocaleString('en')

/** Who is sent what, and who cannot keep up. Those in trouble stand first. */
export function SocketTable({ copies }: { copies: readonly CopySockets[] }) {
  const now = useNow(TICK_MS)
  const sockets = copies.flatMap((copy) => copy.sockets)
  const total = copies.reduce((sum, copy) => sum + copy.total, 0)
  return (
    <>
      <Table label="Browsers" columns={COLUMNS}>
        {sockets.map(({ id, userId, openedAt, counters }) => (
          <tr key={id}>
            <Cell>
              <ShortId id={id} />
            </Cell>
            <Cell>{userId === null ? '–' : <ShortId id={userId} />}</Cell>
            <Cell>
              <SocketState userId={userId} counters={counters} />
            </Cell>
            <Cell>{formatBytes(counters.bytesWaiting)}</Cell>
            <Cell>{count(counters.itemsBehind)}</Cell>
            <Cell>
              {count(counters.itemsSent)} · {formatBytes(counters.bytesSent)}
            </Cell>
            <Cell>{count(counters.itemsReplayed)}</Cell>
            <Cell>{count(counters.gapsSent)}</Cell>
            <Cell>{count(counters.holds)}</Cell>
            <Cell>{count(counters.framesRefused)}</Cell>
            <Cell>{formatAgo(openedAt, now)}</Cell>
          </tr>
        ))}
      </Table>
      {total > sockets.length && (
        <p className="mt-2 text-muted text-sm">
          {count(sockets.length)} of {count(total)}, those in trouble first.
        </p>
      )}
    </>
  )
}
