import type { FeedBody } from '@vessel/proto/events/feed'
import type { SavePreview } from '@vessel/proto/guest/api'
import type { SystemMetrics } from '@vessel/proto/guest/messages'

const SAMPLES = 60
const EVERY_MS = 5_000
const MEMORY_KB = 2_000_000
const DISK_GB = 10

/** Smooth, and the same each time: a picture must not differ from the last without a reason. */
const wave = (index: number, period: number): number => (Math.sin(index / period) + 1) / 2

function memoryAt(index: number) {
  const usedKb = Math.round(MEMORY_KB * (0.4 + wave(index, 14) * 0.2))
  return {
    total_kb: MEMORY_KB,
    used_kb: usedKb,
    available_kb: MEMORY_KB - usedKb,
    swap_total_kb: 0,
    swap_used_kb: 0,
  }
}

function sampleAt(index: number, diskUsed: number): SystemMetrics {
  const moved = Math.round(index * 80_000 + wave(index, 3) * 300_000)
  const mount = {
    mount_point: '/home/workspace',
    total_gb: DISK_GB,
    used_gb: DISK_GB * diskUsed,
    available_gb: DISK_GB * (1 - diskUsed),
  }
  const card = {
    interface: 'eth0',
    bytes_received: moved,
    bytes_sent: Math.round(moved / 3),
    packets_received: index,
    packets_sent: index,
  }
  const readPerSecond = Math.round(wave(index, 6) * 900_000)
  return {
    type: 'system_metrics',
    timestamp: new Date(Date.now() - (SAMPLES - index) * EVERY_MS).toISOString(),
    metrics: {
      cpu: { usage_percent: Math.round(12 + wave(index, 4) * 55), cores_usage: [] },
      memory: memoryAt(index),
      disk: {
        usage_stats: [mount],
        io_stats: { read_bytes_per_sec: readPerSecond, write_bytes_per_sec: 40_000 },
      },
      network: { stats: [card] },
      system: { uptime: 300, load_average: { load1min: 0.4, load5min: 0.3, load15min: 0.2 } },
    },
  }
}

/** Five minutes of a machine at work. */
export function load({ diskUsed }: { diskUsed: number }): SystemMetrics[] {
  return Array.from({ length: SAMPLES }, (_, index) => sampleAt(index, diskUsed))
}

const event = (body: object): FeedBody => ({ kind: 'event', event: body }) as FeedBody

export const PORTS = event({
  type: 'ports',
  epoch: 1,
  ports: [
    { port: 3000, process: 'node' },
    { port: 5173, process: 'vite' },
  ],
})

/** Of a workspace too large to be counted to its end while someone waits. */
export const LARGE_WORKSPACE: SavePreview = {
  files: 412_906,
  unpackedBytes: 18_400_000_000,
  isMore: true,
  leftOut: ['.venv/', 'node_modules/'],
  leftOutCount: 2,
  leftOutSize: { bytes: 0, isMore: true },
}

/** Of a workspace whose rest is too large to be measured while someone waits. */
export const LARGE_REST: SavePreview = {
  files: 1_318,
  unpackedBytes: 27_300_000,
  leftOut: ['.cache/', '.venv/', 'datasets/readings-of-every-station-in-the-north/', 'logs/'],
  leftOutCount: 1_204,
  leftOutSize: { bytes: 1_234_000_000, isMore: true },
}

export const SAVE_FAILED = event({
  type: 'save-failed',
  epoch: 1,
  stage: 'upload',
  code: 'STORAGE_DOWN',
  message: 'the store did not answer',
  attempt: 1,
  retryInMs: 20_000,
})
