import type { StartCommand } from '@vessel/proto/commands/start'
import { VesselError } from '@vessel/proto/errors'
import type { GitSource } from '@vessel/proto/git'
import { LEASE_MS } from '@vessel/proto/requests/renew-lease'
import { STATE_DEADLINE_MS } from '@vessel/proto/session-state'
import type { Project, Session } from '../store/rows.ts'
import { opIdOf } from './op-id.ts'
import type { ArchiveLinks, ProjectReader, TicketKeys } from './ports.ts'

export interface StartCommandDeps {
  readonly projects: ProjectReader
  readonly archives: ArchiveLinks
  readonly tickets: TicketKeys
}

/** Of the files a project is created with. */
const FIRST_EPOCH = 1
const BOOT_DEADLINE_MS = STATE_DEADLINE_MS.starting ?? 0

/** Everything a host needs to run a placed session; it learns of no user and no database. */
export async function makeStartCommand(
  session: Session,
  deps: StartCommandDeps,
): Promise<StartCommand> {
  const project = await deps.projects.get(session.projectId)
  if (!project) throw new VesselError('PROJECT_NOT_FOUND')
  if (session.epoch === null) throw new VesselError('INTERNAL', { detail: 'not placed' })
  const git = await repositoryOf(project, deps.projects)
  return {
    opId: opIdOf(session, 'start'),
    session: session.id,
    project: session.projectId,
    slug: project.slug,
    epoch: session.epoch,
    spec: session.spec,
    archive: git ? null : project.head && (await deps.archives.source(project.head)),
    git,
    ignore: project.ignore,
    environment: project.environment,
    ticketKeys: [...deps.tickets.publicKeys],
    leaseMs: LEASE_MS,
    bootDeadlineMs: BOOT_DEADLINE_MS,
    ...(session.traceparent ? { traceparent: session.traceparent } : {}),
  }
}

/** Until something was saved, the files of such a project are those of its repository. */
async function repositoryOf(
  { id, git, head }: Project,
  projects: ProjectReader,
): Promise<GitSource | null> {
  if (!git || (head && head.epoch > FIRST_EPOCH)) return null
  return { ...git, token: await projects.gitToken(id) }
}
