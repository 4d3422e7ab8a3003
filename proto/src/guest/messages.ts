import { z } from 'zod'
import { portNumber, timestamp } from '../ids.ts'

/** What the guest agent tells its host, one JSON object a line, in the source documents' shapes. */
export const vmIdentification = z.object({
  type: z.literal('vm_identification'),
  hostname: z.string().max(255),
  os: z.string().max(100),
  version: z.string().max(200),
  agent_version: z.string().max(50),
})

export const systemMetrics = z.object({
  type: z.literal('system_metrics'),
  timestamp,
  metrics: z.object({
    cpu: z.object({
      usage_percent: z.number().min(0).max(100),
      cores_usage: z.array(z.number().min(0).max(100)).max(256),
    }),
    memory: z.object({
      total_kb: z.number().nonnegative(),
      used_kb: z.number().nonnegative(),
      available_kb: z.number().nonnegative(),
      swap_total_kb: z.number().nonnegative(),
      swap_used_kb: z.number().nonnegative(),
    }),
    disk: z.object({
      usage_stats: z
        .array(
          z.object({
            mount_point: z.string().max(500),
            total_gb: z.number().nonnegative(),
            used_gb: z.number().nonnegative(),
            available_gb: z.number().nonnegative(),
          }),
        )
        .max(32),
      io_stats: z.object({
        read_bytes_per_sec: z.number().nonnegative(),
        write_bytes_per_sec: z.number().nonnegative(),
      }),
    }),
    network: z.object({
      stats: z
        .array(
          z.object({
            interface: z.string().max(64),
            bytes_received: z.number().nonnegative(),
            bytes_sent: z.number().nonnegative(),
            packets_received: z.number().nonnegative(),
            packets_sent: z.number().nonnegative(),
          }),
        )
        .max(32),
    }),
    system: z.object({
      uptime: z.number().nonnegative(),
      load_average: z.object({
        load1min: z.number().nonnegative(),
        load5min: z.number().nonnegative(),
        load15min: z.number().nonnegative(),
      }),
    }),
  }),
})
export type SystemMetrics = z.infer<typeof systemMetrics>

export const processSnapshot = z.object({
  type: z.literal('process_snapshot'),
  timestamp,
  processes: z
    .array(
      z.object({
        pid: z.int().positive(),
        name: z.string().max(200),
        cpu_percent: z.number().nonnegative(),
        memory_kb: z.number().nonnegative(),
      }),
    )
    .max(50),
})

export const portUsage = z.object({
  type: z.literal('port_usage'),
  timestamp,
  ports: z.array(z.object({ port: portNumber, process: z.string().max(200).nullable() })).max(200),
})

export const applicationUsage = z.object({
  type: z.literal('application_usage'),
  timestamp,
  applications: z
    .array(
      z.object({
        name: z.string().max(200),
        process_count: z.int().nonnegative(),
        cpu_percent: z.number().nonnegative(),
        memory_kb: z.number().nonnegative(),
      }),
    )
    .max(50),
})

/** What counts as the user being there. Never CPU, never background chatter. */
export const ACTIVITY_SOURCES = ['input', 'terminal', 'files', 'preview', 'keep-awake'] as const
export const activity = z.object({
  type: z.literal('activity'),
  timestamp,
  source: z.enum(ACTIVITY_SOURCES),
})

/** A line of the IDE's or a start task's output. */
export const guestLog = z.object({
  type: z.literal('log'),
  timestamp,
  source: z.enum(['guest', 'ide', 'user']),
  level: z.enum(['info', 'warn', 'error']),
  text: z.string().max(4_096),
})

export const guestMessage = z.discriminatedUnion('type', [
  vmIdentification,
  systemMetrics,
  processSnapshot,
  portUsage,
  applicationUsage,
  activity,
  guestLog,
])
export type GuestMessage = z.infer<typeof guestMessage>
