import type { StartCommand } from '@vessel/proto/commands/start'
import { VesselError } from '@vessel/proto/errors'
import { LEASE_MS } from '@vessel/proto/requests/renew-lease'
import { STATE_DEADLINE_MS } from '@vessel/proto/session-state'
import type { Session } from '../store/rows.ts'
import { opIdOf } from './op-id.ts'
import type { ArchiveLinks, ProjectReader, TicketKeys } from './ports.ts'

export interface StartCommandDeps {
  readonly projects: ProjectReader
  readonly archives: ArchiveLinks
  readonly tickets: TicketKeys
}

const BOOT_DEADLINE_MS = STATE_DEADLINE_MS.starting ?? 0

/** Everything a host needs to run a placed session; it learns of no user and no database. */
export async function makeStartCommand(
  session: Session,
  deps: StartCommandDeps,
): Promise<StartCommand> {
  const project = await deps.projects.get(session.projectId)
  if (!project) throw new VesselError('PROJECT_NOT_FOUND')
  if (session.epoch === null) throw new VesselError('INTERNAL', { detail: 'not placed' })
  return {
    opId: opIdOf(session, 'start'),
    session: session.id,
    project: session.projectId,
    slug: project.slug,
    epoch: session.epoch,
    spec: session.spec,
    archive: project.head && (await deps.archives.source(project.head)),
    ignore: project.ignore,
    environment: project.environment,
    ticketKeys: [...deps.tickets.publicKeys],
    leaseMs: LEASE_MS,
    bootDeadlineMs: BOOT_DEADLINE_MS,
    ...(session.traceparent ? { traceparent: session.traceparent } : {}),
  }
}
