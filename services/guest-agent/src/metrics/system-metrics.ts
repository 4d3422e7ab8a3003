import { readFile, statfs } from 'node:fs/promises'
import type { SystemMetrics } from '@vessel/proto/guest/messages'
import {
  type CpuTimes,
  parseCpu,
  parseDiskIo,
  parseLoad,
  parseMemory,
  parseNetwork,
  parseUptime,
} from './parse-proc.ts'

type Metrics = SystemMetrics['metrics']

interface Sample {
  readonly atMs: number
  readonly cpu: ReturnType<typeof parseCpu>
  readonly io: ReturnType<typeof parseDiskIo>
}

export interface SystemSampler {
  /** The rates are since the last call; the first call has none and says zero. */
  sample(): Promise<Metrics>
}

export interface SystemSamplerDeps {
  readonly nowMs: () => number
  /** Folders whose file systems are reported. */
  readonly mountPoints: readonly string[]
}

/** A machine without a certain file (no disks, a locked-down /proc) reports nothing there. */
const read = (path: string): Promise<string> => readFile(path, 'latin1').catch(() => '')

export function createSystemSampler(deps: SystemSamplerDeps): SystemSampler {
  let last: Sample | undefined
  return {
    sample: async () => {
      const names = ['stat', 'meminfo', 'diskstats', 'net/dev', 'uptime', 'loadavg']
      const texts = await Promise.all(names.map((name) => read(`/proc/${name}`)))
      const [stat, meminfo, diskstats, netDev, uptime, loadavg] = texts as [
        ...[string, string, string, string, string, string],
      ]
      const now: Sample = {
        atMs: deps.nowMs(),
        cpu: parseCpu(stat),
        io: parseDiskIo(diskstats),
      }
      const before = last ?? now
      last = now
      const [load1min, load5min, load15min] = parseLoad(loadavg)
      return {
        cpu: cpuUsage(before, now),
        memory: memoryUsage(parseMemory(meminfo)),
        disk: {
          usage_stats: await diskUsage(deps.mountPoints),
          io_stats: ioRates(before, now),
        },
        network: { stats: parseNetwork(netDev) },
        system: {
          uptime: parseUptime(uptime) || 0,
          load_average: { load1min, load5min, load15min },
        },
      }
    },
  }
}

/** Busy share between two samples, in percent; counters that went backwards count as idle. */
export function usagePercent(before: CpuTimes | undefined, now: CpuTimes): number {
  const total = now.total - (before?.total ?? now.total)
  const busy = now.busy - (before?.busy ?? now.busy)
  if (total <= 0 || busy <= 0) return 0
  return Math.min(100, Math.round((busy / total) * 1_000) / 10)
}

function cpuUsage(before: Sample, now: Sample): Metrics['cpu'] {
  return {
    usage_percent: usagePercent(before.cpu.all, now.cpu.all),
    cores_usage: now.cpu.cores
      .slice(0, 256)
      .map((core, index) => usagePercent(before.cpu.cores[index], core)),
  }
}

export function memoryUsage(values: Record<string, number>): Metrics['memory'] {
  const value = (key: string) => values[key] ?? 0
  const total = value('MemTotal')
  const available = value('MemAvailable')
  return {
    total_kb: total,
    used_kb: Math.max(0, total - available),
    available_kb: available,
    swap_total_kb: value('SwapTotal'),
    swap_used_kb: Math.max(0, value('SwapTotal') - value('SwapFree')),
  }
}

export function ioRates(
  before: Pick<Sample, 'atMs' | 'io'>,
  now: Pick<Sample, 'atMs' | 'io'>,
): Metrics['disk']['io_stats'] {
  const seconds = (now.atMs - before.atMs) / 1_000
  const rate = (bytes: number) => (seconds <= 0 ? 0 : Math.max(0, Math.round(bytes / seconds)))
  return {
    read_bytes_per_sec: rate(now.io.readBytes - before.io.readBytes),
    write_bytes_per_sec: rate(now.io.writtenBytes - before.io.writtenBytes),
  }
}

const toGb = (bytes: number): number => Math.round((bytes / 1024 ** 3) * 1_000) / 1_000

async function diskUsage(mountPoints: readonly string[]): Promise<Metrics['disk']['usage_stats']> {
  const usage: Metrics['disk']['usage_stats'] = []
  for (const mount_point of mountPoints) {
    try {
      const { blocks, bfree, bavail, bsize } = await statfs(mount_point)
      usage.push({
        mount_point,
        total_gb: toGb(blocks * bsize),
        used_gb: toGb((blocks - bfree) * bsize),
        available_gb: toGb(bavail * bsize),
      })
    } catch {
      // Not mounted (any more): there is nothing to say about it.
    }
  }
  return usage
}
