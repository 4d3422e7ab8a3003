import { HOST_SESSION_STATES } from '@vessel/proto/events/beat'
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { HostSessions } from '../sessions/host-sessions.ts'
import { stateOf } from '../vm/record.ts'

export interface Metrics {
  readonly registry: Registry
  countAccess(status: number): void
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
  const access = new Counter({
    name: 'vessel_agent_access_checks_total',
    help: 'Answers of the access check to the gateway.',
    labelNames: ['status'],
    registers: [registry],
  })
  return { registry, countAccess: (status) => access.inc({ status: String(status) }) }
}
