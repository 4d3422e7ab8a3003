import type { Beat } from '@vessel/proto/events/beat'
import type { HostView } from '@vessel/proto/http/admin'

/** Three beats missed. */
const ALIVE_WITHIN_MS = 16_000

export interface Heard {
  readonly beat: Beat
  readonly atMs: number
}

export function hostViewOf({ beat, atMs }: Heard, nowMs: number): HostView {
  return {
    id: beat.host,
    isAlive: nowMs - atMs <= ALIVE_WITHIN_MS,
    isDraining: beat.isDraining,
    driver: beat.driver,
    isIsolated: beat.isIsolated,
    agentVersion: beat.agentVersion,
    lastBeatAt: new Date(atMs).toISOString(),
    sessionCount: beat.sessions.filter(({ end }) => end === null).length,
    capacity: beat.capacity,
  }
}
