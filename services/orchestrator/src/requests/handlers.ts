import { archivePath } from '@vessel/proto/archive'
import { VesselError } from '@vessel/proto/errors'
import type { HostId, SessionId } from '@vessel/proto/ids'
import { LEASE_MS } from '@vessel/proto/requests/renew-lease'
import type { RequestHandlers } from '../bus/serve-requests.ts'
import type { Announcer, Log } from '../ports.ts'
import type { ProjectReader, SessionStore } from '../sessions/ports.ts'
import type { ArchiveFiles } from '../store/archive-files.ts'
import type { ArchiveStore } from '../store/archives.ts'
import type { LeaseStore } from '../store/leases.ts'
import type { Session } from '../store/rows.ts'
import type { VisitorStore } from '../store/visitors.ts'
import type { Tickets } from '../tickets/tickets.ts'

export interface RequestDeps {
  readonly store: SessionStore
  readonly projects: ProjectReader
  readonly archives: ArchiveStore
  readonly files: ArchiveFiles
  readonly leases: LeaseStore
  readonly tickets: Tickets
  readonly visitors: VisitorStore
  readonly announcer: Announcer
  readonly log: Log
}

/** What agents ask. The host of the subject is proven by the bus; it reaches its own runs only. */
export function createRequestHandlers(deps: RequestDeps): RequestHandlers {
  const { archives, files, leases } = deps
  return {
    'upload-url': async (host, request) => {
      const session = await runOn(host, request.session, deps)
      const path = archivePath({ ...request, userId: session.userId, projectId: session.projectId })
      await archives.expect({ ...request, host, path })
      const size = await files.size(path)
      const target = await files.upload(path, size !== null)
      return { ...target, isStored: size === request.bytes }
    },

    'download-url': async (host, request) => {
      const session = await runOn(host, request.session, deps)
      if (session.epoch !== request.epoch) throw new VesselError('EPOCH_STALE')
      const project = await deps.projects.get(session.projectId)
      return { archive: project?.head ? await files.source(project.head) : null }
    },

    commit: async (host, request) => {
      const { session: sessionId, epoch, seq, path, entries, unpackedBytes, kind } = request
      const session = await runOn(host, sessionId, deps)
      await assertStored(request, deps)
      const isCheckpoint = kind === 'checkpoint'
      const commit = { session: sessionId, epoch, seq, path, entries, unpackedBytes, isCheckpoint }
      const result = await archives.commit(commit)
      const facts = { session: sessionId, project: session.projectId, host, epoch, seq }
      deps.log.info({ ...facts, kind, result, bytes: request.bytes }, 'archive committed')
      deps.announcer.session(sessionId)
      return { result }
    },

    'renew-lease': async (host, request) => {
      const renewed = await leases.renew(host, request.sessions)
      return { leases: renewed.map((lease) => ({ ...lease, leaseMs: LEASE_MS })) }
    },

    redeem: async (_host, { code, slug }) => deps.tickets.redeem(code, slug),

    'ended-visitors': async (_host, { visitors }) => ({
      ended: await deps.visitors.ended(visitors),
    }),
  }
}

/** The newest known run, if it is this host's. A host asks in its own name and for its own runs. */
async function runOn(host: HostId, sessionId: SessionId, deps: RequestDeps): Promise<Session> {
  const overview = await deps.store.overview(sessionId)
  if (overview?.session.hostId !== host) throw new VesselError('SESSION_UNKNOWN')
  return overview.session
}

interface Claimed {
  readonly session: SessionId
  readonly path: string
  readonly sha256: string
  readonly bytes: number
}

/** Nothing becomes a head that is not there in full, under the very key it was announced for. */
async function assertStored(claimed: Claimed, { archives, files }: RequestDeps): Promise<void> {
  const archive = await archives.find(claimed.path)
  if (!archive) throw new VesselError('VERSION_NOT_FOUND')
  const isSame = archive.sha256 === claimed.sha256 && archive.bytes === claimed.bytes
  if (!isSame) throw new VesselError('ARCHIVE_MISMATCH')
  const size = await files.size(claimed.path)
  if (size === claimed.bytes) return
  throw new VesselError('ARCHIVE_MISMATCH', {
    detail: size === null ? 'the object is not there' : `the object has ${size} bytes`,
  })
}
