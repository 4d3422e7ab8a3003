import { describe, expect, it } from '@jest/globals'
import type { SystemMetrics } from '@vessel/proto/guest/messages'
import { diskLevel, diskUseOf, readingsOf } from './readings.ts'

const GIB = 1024 ** 3

interface Sample {
  second?: number
  received?: number
  used?: number
  mounts?: { mount_point: string; used_gb: number; available_gb: number; total_gb: number }[]
}

function sample({ second = 0, received = 0, used = 50, mounts }: Sample): SystemMetrics {
  const stat = (name: string, bytes: number) => ({
    interface: name,
    bytes_received: bytes,
    bytes_sent: 0,
    packets_received: 0,
    packets_sent: 0,
  })
  return {
    type: 'system_metrics',
    timestamp: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString(),
    metrics: {
      cpu: { usage_percent: 12, cores_usage: [] },
      memory: {
        total_kb: 1_000,
        used_kb: 250,
        available_kb: 750,
        swap_total_kb: 0,
        swap_used_kb: 0,
      },
      disk: {
        usage_stats: mounts ?? [
          { mount_point: '/', total_gb: 100, used_gb: used, available_gb: 100 - used },
        ],
        io_stats: { read_bytes_per_sec: 10, write_bytes_per_sec: 5 },
      },
      network: { stats: [stat('lo', received * 9), stat('eth0', received)] },
      system: { uptime: 1, load_average: { load1min: 0, load5min: 0, load15min: 0 } },
    },
  } as SystemMetrics
}

describe('the readings of a machine', () => {
  it('turns counters of the network into a rate and leaves the loopback out', () => {
    const { networkBytesPerSecond } = readingsOf([
      sample({ second: 0, received: 1_000 }),
      sample({ second: 5, received: 6_000 }),
    ])
    expect(networkBytesPerSecond).toEqual([0, 1_000])
  })

  it('knows no rate across a counter that began anew', () => {
    const { networkBytesPerSecond } = readingsOf([
      sample({ second: 0, received: 9_000 }),
      sample({ second: 5, received: 10 }),
    ])
    expect(networkBytesPerSecond[1]).toBe(0)
  })

  it('speaks of the disk the files are on, and of what is to be had of it', () => {
    const use = diskUseOf([
      sample({
        mounts: [
          { mount_point: '/', total_gb: 100, used_gb: 1, available_gb: 99 },
          { mount_point: '/srv/vessel/workspaces/a', total_gb: 10, used_gb: 8, available_gb: 1 },
        ],
      }),
    ])
    expect(use).toMatchObject({ usedBytes: 8 * GIB, totalBytes: 9 * GIB })
  })

  it.each([
    [79, 'fine'],
    [80, 'filling'],
    [94, 'filling'],
    [95, 'full'],
  ])('calls a disk used by %i %% %s', (used, level) => {
    expect(diskLevel(diskUseOf([sample({ used })]))).toBe(level)
  })

  it('says nothing of a disk it knows nothing of', () => {
    expect(diskLevel(diskUseOf([]))).toBe('fine')
  })
})
