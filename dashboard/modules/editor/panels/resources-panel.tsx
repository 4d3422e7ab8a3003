'use client'

import type { SystemMetrics } from '@vessel/proto/guest/messages'
import { useMemo } from 'react'
import { formatBytes } from '../../../lib/format-bytes.ts'
import { DiskGauge } from './disk-gauge.tsx'
import { diskUseOf, readingsOf } from './readings.ts'
import { Sparkline } from './sparkline.tsx'

interface ReadingProps {
  name: string
  atS: readonly number[]
  values: readonly number[]
  isPercent?: boolean
}

function Reading({ name, atS, values, isPercent = false }: ReadingProps) {
  const words = (value: number): string =>
    isPercent ? `${Math.round(value)} %` : `${formatBytes(value)}/s`
  const now = words(values.at(-1) ?? 0)
  const highest = words(Math.max(0, ...values))
  return (
    <div>
      <div className="flex items-baseline justify-between text-sm">
        <span className="text-muted">{name}</span>
        <span className="font-medium tabular-nums">{now}</span>
      </div>
      <Sparkline
        label={`${name}: ${now} now, ${highest} at most in the last minutes`}
        atS={atS}
        values={values}
        {...(isPercent ? { max: 100 } : {})}
      />
    </div>
  )
}

/** What the machine is doing, now and in the last minutes. */
export function ResourcesPanel({ samples }: { samples: readonly SystemMetrics[] }) {
  const readings = useMemo(() => readingsOf(samples), [samples])
  const { atS } = readings
  if (samples.length === 0) {
    return <p className="text-muted">The machine reports every few seconds. Wait a moment.</p>
  }
  return (
    <div className="flex flex-col gap-3">
      <Reading name="CPU" atS={atS} values={readings.cpuPercent} isPercent />
      <Reading name="Memory" atS={atS} values={readings.memoryPercent} isPercent />
      <Reading name="Network" atS={atS} values={readings.networkBytesPerSecond} />
      <Reading name="Disk activity" atS={atS} values={readings.diskBytesPerSecond} />
      <DiskGauge use={diskUseOf(samples)} />
    </div>
  )
}
