import type { SystemMetrics } from '@vessel/proto/guest/messages'

/** What the sparklines draw, one number a sample, oldest first. */
export interface Readings {
  /** Epoch seconds. */
  readonly atS: readonly number[]
  readonly cpuPercent: readonly number[]
  readonly memoryPercent: readonly number[]
  readonly networkBytesPerSecond: readonly number[]
  readonly diskBytesPerSecond: readonly number[]
}

export interface DiskUse {
  readonly usedBytes: number
  readonly totalBytes: number
  /** 0 to 1. */
  readonly fraction: number
}

export type DiskLevel = 'fine' | 'filling' | 'full'

/** From here on a save may soon not fit; said in time to tidy up. */
export const DISK_FILLING = 0.8
/** From here on the next file may not fit. */
export const DISK_FULL = 0.95

/** The machine counts in powers of two, whatever it calls them. */
const GB = 1024 ** 3

type Metrics = SystemMetrics['metrics']

const share = (part: number, whole: number): number =>
  whole === 0 ? 0 : Math.min(100, (part / whole) * 100)

/** The loopback carries what the machine tells itself; nobody waits for it. */
function bytesMoved({ network }: Metrics): number {
  return network.stats
    .filter((one) => one.interface !== 'lo')
    .reduce((sum, one) => sum + one.bytes_received + one.bytes_sent, 0)
}

/** Counters only rise, but for a machine that was started anew: then nothing is known. */
function rates(samples: readonly SystemMetrics[], atS: readonly number[]): number[] {
  return samples.map((sample, index) => {
    const before = samples[index - 1]
    if (!before) return 0
    const seconds = (atS[index] ?? 0) - (atS[index - 1] ?? 0)
    const moved = bytesMoved(sample.metrics) - bytesMoved(before.metrics)
    return seconds > 0 && moved >= 0 ? moved / seconds : 0
  })
}

export function readingsOf(samples: readonly SystemMetrics[]): Readings {
  const atS = samples.map(({ timestamp }) => Date.parse(timestamp) / 1_000)
  return {
    atS,
    cpuPercent: samples.map(({ metrics }) => metrics.cpu.usage_percent),
    memoryPercent: samples.map(({ metrics: { memory } }) => share(memory.used_kb, memory.total_kb)),
    networkBytesPerSecond: rates(samples, atS),
    diskBytesPerSecond: samples.map(({ metrics: { disk } }) => {
      const { read_bytes_per_sec, write_bytes_per_sec } = disk.io_stats
      return read_bytes_per_sec + write_bytes_per_sec
    }),
  }
}

/** The disk the user's files are on: beside the root, the machine names only their folder. */
export function diskUseOf(samples: readonly SystemMetrics[]): DiskUse | null {
  const stats = samples.at(-1)?.metrics.disk.usage_stats ?? []
  const deepestFirst = stats.toSorted((a, b) => b.mount_point.length - a.mount_point.length)
  const found = deepestFirst[0]
  if (!found || found.total_gb === 0) return null
  // What root keeps for itself is neither used nor to be had: the user's share is what counts.
  const reachableGb = found.used_gb + found.available_gb
  return {
    usedBytes: found.used_gb * GB,
    totalBytes: reachableGb * GB,
    fraction: reachableGb === 0 ? 1 : found.used_gb / reachableGb,
  }
}

export function diskLevel(use: DiskUse | null): DiskLevel {
  if (use === null || use.fraction < DISK_FILLING) return 'fine'
  return use.fraction < DISK_FULL ? 'filling' : 'full'
}
