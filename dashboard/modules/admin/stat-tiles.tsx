import type { HostView } from '@vessel/proto/http/admin'
import { formatMemory } from '../../lib/format-bytes.ts'
import { panelClass } from '../../ui/panel-frame.tsx'
import { type SessionCounts, sessionFigures } from './session-figures.ts'

function Tile({ name, value, hint }: { name: string; value: string; hint: string }) {
  return (
    <div className={`${panelClass} px-4 py-3`}>
      <dt className="text-muted text-sm">{name}</dt>
      <dd className="mt-0.5 font-semibold text-xl tabular-nums">
        {value} <span className="font-normal text-muted text-sm">{hint}</span>
      </dd>
    </div>
  )
}

interface StatTilesProps {
  hosts: readonly HostView[]
  counts: SessionCounts | null
  sockets: string
}

/** The whole place in four numbers. */
export function StatTiles({ hosts, counts, sockets }: StatTilesProps) {
  const taking = hosts.filter(({ isAlive, isDraining }) => isAlive && !isDraining)
  const freeMib = taking.reduce(
    (sum, { capacity }) => sum + capacity.memoryMibTotal - capacity.memoryMibReserved,
    0,
  )
  return (
    <dl className="mb-4 grid grid-cols-2 gap-3 lg:grid-cols-4">
      <Tile name="Hosts taking sessions" value={`${taking.length}`} hint={`of ${hosts.length}`} />
      <Tile name="Memory free" value={formatMemory(freeMib)} hint="to place" />
      <Tile name="Sessions" {...sessionFigures(counts)} />
      <Tile name="Browsers" value={sockets} hint="connected" />
    </dl>
  )
}
