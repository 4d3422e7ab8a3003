'use client'

import type { HostView } from '@vessel/proto/http/admin'
import { useCallback, useEffect } from 'react'
import { formatMemory } from '../../lib/format-bytes.ts'
import { useLoad } from '../../lib/use-load.ts'
import { panelClass } from '../../ui/panel-frame.tsx'
import { useClient } from '../client/client-provider.tsx'

const REFRESH_MS = 10_000
const LIVE = ['requested', 'placing', 'starting', 'ready', 'saving']

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

/** The whole place in four numbers. */
export function StatTiles({ hosts }: { hosts: readonly HostView[] }) {
  const { api } = useClient()
  const load = useCallback((signal: AbortSignal) => api('adminStats', { signal }), [api])
  const { value, reload } = useLoad(load)
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') reload()
    }, REFRESH_MS)
    return () => clearInterval(timer)
  }, [reload])

  const taking = hosts.filter(({ isAlive, isDraining }) => isAlive && !isDraining)
  const freeMib = taking.reduce(
    (sum, { capacity }) => sum + capacity.memoryMibTotal - capacity.memoryMibReserved,
    0,
  )
  const live = LIVE.reduce((sum, state) => sum + (value?.sessions[state] ?? 0), 0)
  const shown = (count: number | undefined): string => count?.toLocaleString('en') ?? '–'
  return (
    <dl className="mb-4 grid grid-cols-2 gap-3 lg:grid-cols-4">
      <Tile name="Hosts taking sessions" value={`${taking.length}`} hint={`of ${hosts.length}`} />
      <Tile name="Memory free" value={formatMemory(freeMib)} hint="to place" />
      <Tile name="Sessions" value={value ? shown(live) : '–'} hint="live" />
      <Tile name="Browsers" value={shown(value?.sockets)} hint="connected" />
    </dl>
  )
}
