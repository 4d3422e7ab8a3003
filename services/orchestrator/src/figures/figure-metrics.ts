import type { HostView } from '@vessel/proto/http/admin'
import { SESSION_STATES, sessionCan } from '@vessel/proto/session-state'
import { Gauge, type Registry } from 'prom-client'
import type { FiguresWatch } from './watch-figures.ts'

const MIB = 1024 * 1024

export interface FigureSources {
  readonly hosts: () => readonly HostView[]
  readonly figures: Pick<FiguresWatch, 'latest'>
  readonly clock: { now(): number }
}

/**
 * What this copy knows of the whole installation. Every copy tells the same, each as it sees it:
 * rules take the maximum of sessions and the minimum of silence.
 */
export function measureFigures(registry: Registry, sources: FigureSources): void {
  measureSessions(registry, sources)
  measureHosts(registry, sources)
}

function measureSessions(registry: Registry, { figures }: FigureSources): void {
  const registers = [registry]
  new Gauge({
    name: 'vessel_sessions',
    help: 'Live sessions, by state.',
    labelNames: ['state'],
    registers,
    collect() {
      const counts = figures.latest()?.figures.counts
      if (!counts) return
      for (const state of SESSION_STATES) {
        const isLive = !sessionCan.boot(state)
        if (isLive) this.set({ state }, counts[state] ?? 0)
      }
    },
  })
  const gauge = (name: string, help: string, read: (latest: Latest) => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        const latest = figures.latest()
        if (latest) this.set(read(latest))
      },
    })
  gauge('vessel_sessions_queued', 'Sessions that wait for room.', (l) => l.figures.queued)
  gauge(
    'vessel_sessions_queued_seconds_max',
    'How long the first of the queue has waited.',
    (l) => l.figures.queuedMsMax / 1_000,
  )
  gauge(
    'vessel_sessions_overdue_seconds_max',
    'How far the latest session is past the deadline of its state.',
    (l) => l.figures.overdueMsMax / 1_000,
  )
  gauge(
    'vessel_sessions_read_timestamp_seconds',
    'When the figures of sessions were last read from the database.',
    (l) => l.atMs / 1_000,
  )
}

type Latest = NonNullable<ReturnType<FiguresWatch['latest']>>

function measureHosts(registry: Registry, { hosts, clock }: FigureSources): void {
  const gauge = (name: string, help: string, read: (host: HostView) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['host'],
      registers: [registry],
      collect() {
        // A host that is off the list must not go on being told.
        this.reset()
        for (const host of hosts()) this.set({ host: host.id }, read(host))
      },
    })
  gauge('vessel_host_silent_seconds', 'Since the last beat of the host.', ({ lastBeatAt }) =>
    Math.max(0, (clock.now() - Date.parse(lastBeatAt)) / 1_000),
  )
  gauge('vessel_host_draining', '1 while the host takes no new sessions.', (host) =>
    host.isDraining ? 1 : 0,
  )
  gauge('vessel_host_sessions', 'Sessions on the host.', (host) => host.sessionCount)
  const room = (name: string, help: string, read: (room: HostView['capacity']) => number) =>
    gauge(name, help, ({ capacity }) => read(capacity) * MIB)
  room('vessel_host_memory_bytes', 'Memory for sessions.', (r) => r.memoryMibTotal)
  room('vessel_host_memory_reserved_bytes', 'Memory promised.', (r) => r.memoryMibReserved)
  room('vessel_host_disk_bytes', 'Disk that holds the volumes.', (r) => r.diskMibTotal)
  room('vessel_host_disk_free_bytes', 'What of it is free.', (r) => r.diskMibFree)
}
