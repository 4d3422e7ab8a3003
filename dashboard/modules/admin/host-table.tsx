'use client'

import type { HostView } from '@vessel/proto/http/admin'
import { formatMemory } from '../../lib/format-bytes.ts'
import { formatAgo } from '../../lib/format-time.ts'
import { useNow } from '../../lib/use-now.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { Cell, Table } from '../../ui/table.tsx'

const COLUMNS = ['Host', 'State', 'Sessions', 'Memory', 'CPU', 'Last beat', 'Action']
const TICK_MS = 1_000

function HostState({ host }: { host: HostView }) {
  if (!host.isAlive) return <Badge tone="bad">Silent</Badge>
  if (host.isDraining) return <Badge tone="busy">Draining</Badge>
  return <Badge tone="good">Taking sessions</Badge>
}

interface ShareProps {
  label: string
  used: number
  total: number
  text: string
}

function Share({ label, used, total, text }: ShareProps) {
  return (
    <div className="w-32">
      <p className="mb-1 text-sm">{text}</p>
      <ProgressBar label={label} fraction={total === 0 ? 0 : used / total} />
    </div>
  )
}

interface HostTableProps {
  hosts: readonly HostView[]
  onDrain: (host: HostView, isDraining: boolean) => void
}

export function HostTable({ hosts, onDrain }: HostTableProps) {
  const now = useNow(TICK_MS)
  return (
    <Table label="Hosts" columns={COLUMNS}>
      {hosts.map((host) => {
        const { capacity } = host
        return (
          <tr key={host.id}>
            <Cell>
              <span className="font-medium">{host.id}</span>
              <span className="block text-muted text-sm">
                {host.driver} {host.agentVersion}
                {!host.isIsolated && ' · no isolation'}
              </span>
            </Cell>
            <Cell>
              <HostState host={host} />
            </Cell>
            <Cell>
              {host.sessionCount} of {capacity.vmMax}
            </Cell>
            <Cell>
              <Share
                label={`Memory of ${host.id}`}
                used={capacity.memoryMibReserved}
                total={capacity.memoryMibTotal}
                text={`${formatMemory(capacity.memoryMibReserved)} of ${formatMemory(
                  capacity.memoryMibTotal,
                )}`}
              />
            </Cell>
            <Cell>
              <Share
                label={`CPU of ${host.id}`}
                used={capacity.cpuReserved}
                total={capacity.cpuTotal}
                text={`${capacity.cpuReserved} of ${capacity.cpuTotal}`}
              />
            </Cell>
            <Cell>{formatAgo(host.lastBeatAt, now)}</Cell>
            <Cell>
              <Button size="sm" onClick={() => onDrain(host, !host.isDraining)}>
                {host.isDraining ? 'Resume' : 'Drain'}
                <span className="sr-only"> {host.id}</span>
              </Button>
            </Cell>
          </tr>
        )
      })}
    </Table>
  )
}
