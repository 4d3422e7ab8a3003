import type { Beat } from '@vessel/proto/events/beat'
import type { HostId, SessionId } from '@vessel/proto/ids'
import { PROTOCOL_VERSION } from '@vessel/proto/version'
import { AGENT_VERSION } from './agent-version.ts'
import type { CapacityLimits, DiskSpace } from './host/capacity.ts'
import type { HostState } from './host/host-state.ts'
import type { HostSessions } from './sessions/host-sessions.ts'
import type { Driver } from './vm/ports.ts'
import { toSessionOnHost } from './vm/record.ts'

export interface BeatSources {
  readonly host: HostId
  readonly agentBootId: string
  readonly hostBootId: string
  readonly driver: Driver
  readonly sessions: HostSessions
  readonly hostState: HostState
  readonly limits: CapacityLimits
  readonly disk: () => DiskSpace
}

/** No session has this id: with it the usage counts everyone. */
const NOBODY = '' as SessionId

/** The whole present state of the host: what was lost before is healed by it. */
export function makeBeat(sources: BeatSources, nowMs: number): Beat {
  const { limits, driver, sessions } = sources
  const usage = sessions.usage(NOBODY)
  const disk = sources.disk()
  return {
    host: sources.host,
    agentBootId: sources.agentBootId,
    hostBootId: sources.hostBootId,
    at: new Date(nowMs).toISOString(),
    protocolVersion: PROTOCOL_VERSION,
    agentVersion: AGENT_VERSION,
    driver: driver.name,
    isIsolated: driver.capabilities.isIsolated,
    isDraining: sources.hostState.isDraining,
    capacity: {
      cpuTotal: limits.cpuTotal * limits.cpuOvercommit,
      cpuReserved: usage.cpu,
      memoryMibTotal: limits.memoryMibTotal,
      memoryMibReserved: usage.memoryMib,
      diskMibTotal: disk.totalMib,
      diskMibFree: disk.freeMib,
      vmMax: limits.vmMax,
    },
    sessions: sessions.records().map(toSessionOnHost),
  }
}
