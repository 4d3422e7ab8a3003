import { subjects } from './subjects.ts'

/**
 * The JetStream streams. Whoever starts first creates them; everyone reads the config back and
 * refuses to run when something they rely on was silently ignored (nats-server 2.9 does that).
 */
export interface StreamSpec {
  readonly name: string
  readonly subjects: readonly string[]
  readonly storage: 'file' | 'memory'
  readonly maxAgeMs: number
  readonly bytesMax: number
  readonly msgsPerSubjectMax: number
  /** How long a `Nats-Msg-Id` is remembered: at least the longest outage a spool replays after. */
  readonly dedupMs: number
}

const HOUR_MS = 3_600_000
const GIB = 1024 ** 3

export const STREAMS = {
  log: {
    name: 'VESSEL_LOG',
    subjects: [subjects.everyLog],
    storage: 'file',
    maxAgeMs: 7 * 24 * HOUR_MS,
    bytesMax: 4 * GIB,
    msgsPerSubjectMax: 50_000,
    dedupMs: HOUR_MS,
  },
  event: {
    name: 'VESSEL_EVENT',
    subjects: [subjects.everyEvent],
    storage: 'file',
    maxAgeMs: 7 * 24 * HOUR_MS,
    bytesMax: GIB,
    msgsPerSubjectMax: 1_000,
    dedupMs: HOUR_MS,
  },
  metric: {
    name: 'VESSEL_METRIC',
    subjects: [subjects.everyMetric],
    storage: 'memory',
    maxAgeMs: HOUR_MS,
    bytesMax: GIB / 4,
    msgsPerSubjectMax: 1_000,
    dedupMs: 120_000,
  },
} as const satisfies Record<string, StreamSpec>

/** Oldest server the local stack may use (what Debian ships). */
export const NATS_VERSION_MIN = '2.9.0'
/** Production floors: the first releases without a known hole (facts: NATS §2.2). */
export const NATS_PRODUCTION_FLOORS = ['2.12.12', '2.14.3'] as const

const NANOS_PER_MS = 1_000_000

/** The server's spelling of a stream. */
export function streamConfigOf(spec: StreamSpec, replicas: number) {
  return {
    name: spec.name,
    subjects: [...spec.subjects],
    retention: 'limits' as const,
    discard: 'old' as const,
    storage: spec.storage,
    max_age: spec.maxAgeMs * NANOS_PER_MS,
    max_bytes: spec.bytesMax,
    max_msgs_per_subject: spec.msgsPerSubjectMax,
    duplicate_window: spec.dedupMs * NANOS_PER_MS,
    num_replicas: replicas,
    allow_direct: true,
  }
}

/**
 * Names of what a created stream has otherwise than we rely on. Not compared: replicas, which are
 * the operator's choice, and direct reads, which only make readers quicker.
 */
export function streamFaults(spec: StreamSpec, found: object): string[] {
  const { num_replicas: _operators, allow_direct: _readers, ...wanted } = streamConfigOf(spec, 1)
  const have = found as Readonly<Record<string, unknown>>
  return Object.entries(wanted)
    .filter(([key, value]) => JSON.stringify(have[key]) !== JSON.stringify(value))
    .map(([key, value]) => {
      const is = JSON.stringify(have[key])
      return `${spec.name}.${key} is ${is}, needed is ${JSON.stringify(value)}`
    })
}
