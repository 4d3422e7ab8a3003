import { HOST_SESSION_STATES } from '@vessel/proto/events/beat'
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { HostSessions } from '../sessions/host-sessions.ts'
import type { OrphanLook } from '../sessions/orphans.ts'
import { stateOf } from '../vm/record.ts'

export interface Metrics {
  readonly registry: Registry
  countAccess(status: number): void
  noteOrphans(look: OrphanLook): void
}

export function createMetrics(deps: {
  sessions: () => HostSessions | null
  isConnected: () => boolean
}): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  new Gauge({
    name: 'vessel_agent_sessions',
    help: 'Sessions this host knows, by state.',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      const records = deps.sessions()?.records() ?? []
      for (const state of HOST_SESSION_STATES) {
        this.set({ state }, records.filter((record) => stateOf(record) === state).length)
      }
    },
  })
  new Gauge({
    name: 'vessel_agent_warm_machines',
    help: 'Machines that are up for whoever comes next.',
    registers: [registry],
    collect() {
      this.set(deps.sessions()?.warmCount ?? 0)
    },
  })
  new Gauge({
    name: 'vessel_agent_bus_connected',
    help: '1 while the agent is connected to NATS.',
    registers: [registry],
    collect() {
      this.set(deps.isConnected() ? 1 : 0)
    },
  })
  measureWaiting(registry, deps.sessions)
  const access = new Counter({
    name: 'vessel_agent_access_checks_total',
    help: 'Answers of the access check to the gateway.',
    labelNames: ['status'],
    registers: [registry],
  })
  const orphans = new Gauge({
    name: 'vessel_agent_orphans',
    help: 'Machines and volumes without a record, at the last look.',
    registers: [registry],
  })
  const braked = new Gauge({
    name: 'vessel_agent_orphans_braked',
    help: '1 while they are too many to be removed without a person.',
    registers: [registry],
  })
  return {
    registry,
    countAccess: (status) => access.inc({ status: String(status) }),
    noteOrphans({ count, isBraked }) {
      orphans.set(count)
      braked.set(isBraked ? 1 : 0)
    },
  }
}

/** What waits for somebody else: the file store, an orchestrator, the bus. */
function measureWaiting(registry: Registry, sessions: () => HostSessions | null): void {
  const gauge = (name: string, help: string, read: (sessions: HostSessions) => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        const attached = sessions()
        this.set(attached ? read(attached) : 0)
      },
    })
  gauge(
    'vessel_agent_saves_failing',
    'Sessions whose last save or checkpoint failed and is tried again.',
    (attached) =>
      attached.records().filter(({ saveAttempt, end }) => saveAttempt > 0 && !end).length,
  )
  gauge(
    'vessel_agent_feed_unsent_items',
    'Lines, steps and events the bus has not acknowledged.',
    ({ backlog }) => backlog.items,
  )
  gauge('vessel_agent_spool_bytes', 'Size of the spools on disk.', ({ backlog }) => backlog.bytes)
}
