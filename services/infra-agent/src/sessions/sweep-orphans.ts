import { readdir } from 'node:fs/promises'
import { type SessionId, sessionId } from '@vessel/proto/ids'
import type { Paths } from '../paths.ts'
import type { RouteFiles } from '../routes/route-files.ts'
import type { Clock, Driver, FoundMachine, Log, Volumes } from '../vm/ports.ts'
import type { WarmPool } from '../warm/warm-pool.ts'
import type { HostSessions } from './host-sessions.ts'
import { decideOrphans, type Orphan, type OrphanLook, type Sighting } from './orphans.ts'

export interface OrphanSweepDeps {
  readonly sessions: HostSessions
  readonly warm: WarmPool
  readonly driver: Driver
  readonly volumes: Volumes
  readonly routes: RouteFiles
  readonly paths: Paths
  readonly clock: Clock
  readonly log: Log
  /** For operators: an alarm says so when the brake holds. */
  readonly noteOrphans: (look: OrphanLook) => void
}

interface Found extends Orphan {
  readonly machine: FoundMachine | null
}

/** Looks for machines, volumes and routes without a record. Each call is one listing. */
export function createOrphanSweep(deps: OrphanSweepDeps): () => Promise<void> {
  const { sessions, warm, driver, volumes, routes, paths, clock, log } = deps
  let sightings: ReadonlyMap<string, Sighting> = new Map()

  async function listFound(machines: readonly FoundMachine[]): Promise<Found[]> {
    const boots = new Set(sessions.records().map(({ bootId }) => bootId))
    const found: Found[] = machines
      .filter(({ bootId, session }) => !boots.has(bootId) && !warm.owns(session))
      .map((machine) => ({ id: `vm ${machine.bootId}`, session: machine.session, machine }))
    const places = sessions.places()
    for (const session of await namesIn(paths.vmsDir)) {
      const hasMachine = found.some((orphan) => orphan.session === session)
      if (places.has(session) || warm.owns(session) || hasMachine) continue
      found.push({ id: `volume ${session}`, session, machine: null })
    }
    return found
  }

  async function destroy(orphan: Found): Promise<void> {
    if (orphan.machine) await driver.destroy(orphan.machine)
    // The session may run here again under another boot: then the volume is that one's.
    if (!sessions.places().has(orphan.session)) await volumes.remove(orphan.session)
    log.warn({ orphan: orphan.id, session: orphan.session }, 'orphan removed')
  }

  return async () => {
    for (const session of await routes.list()) {
      const record = sessions.find(session)?.vm.context.record
      if (!record || record.end) await routes.withdraw(session)
    }
    const machines = await driver.list()
    // A record that could not be read may speak of unsaved files: only a person decides about it.
    const unreadable = await setAsideSessions(paths)
    const found = (await listFound(machines)).filter(({ session }) => !unreadable.has(session))
    const now = { ms: clock.monotonic(), machineCount: machines.length }
    const decision = decideOrphans(found, sightings, now)
    sightings = decision.sightings
    deps.noteOrphans({ count: found.length, isBraked: decision.isBraked })
    for (const { machine, id, session } of decision.quarantine) {
      log.warn({ orphan: id, session }, 'orphan found')
      if (machine) await driver.pause(machine.handle)
    }
    if (decision.isBraked) log.error({ count: found.length }, 'too many orphans to remove at once')
    for (const orphan of decision.destroy) await destroy(orphan)
  }
}

async function namesIn(folder: string): Promise<SessionId[]> {
  const names = await readdir(folder).catch(() => [])
  return names.flatMap((name) => {
    const parsed = sessionId.safeParse(name)
    return parsed.success ? [parsed.data] : []
  })
}

async function setAsideSessions(paths: Paths): Promise<Set<SessionId>> {
  const names = await readdir(paths.setAsideDir).catch(() => [])
  const ids = names.map((name) => sessionId.safeParse(name.replace(/^\d+-/, '').slice(0, 36)))
  return new Set(ids.flatMap((parsed) => (parsed.success ? [parsed.data] : [])))
}
