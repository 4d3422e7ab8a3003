import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ArchiveFormat, ArchiveSource } from '@vessel/proto/archive'
import { VesselError } from '@vessel/proto/errors'
import { ENTER_PATH } from '@vessel/proto/headers'
import { opId, projectId, projectSlug, sessionId } from '@vessel/proto/ids'
import { DEFAULT_MACHINE } from '@vessel/proto/machine'
import { parseValue } from '@vessel/proto/parse'
import { LEASE_MS } from '@vessel/proto/requests/renew-lease'
import { STATE_DEADLINE_MS } from '@vessel/proto/session-state'
import type { WorkspaceBase } from '../config.ts'
import { hasErrorCode } from '../host/files.ts'
import type { Fences } from '../journal/fences.ts'
import type { Paths } from '../paths.ts'
import type { Hosted, HostSessions } from '../sessions/host-sessions.ts'
import type { Clock } from '../vm/ports.ts'
import { stateOf, toSessionOnHost } from '../vm/record.ts'
import type { LocalDoors } from './local-doors.ts'

export interface LocalSessionsDeps {
  readonly sessions: HostSessions
  readonly fences: Fences
  readonly doors: LocalDoors
  readonly paths: Paths
  readonly clock: Clock
  readonly base: WorkspaceBase
  readonly archiveFormat: ArchiveFormat
}

const LOOK_EVERY_MS = 200
const BOOT_DEADLINE_MS = STATE_DEADLINE_MS.starting ?? 180_000

/**
 * An id that is always the same for the same name, so that a name means one session of this host.
 */
function idFrom(kind: string, name: string): string {
  const hex = createHash('sha256').update(`${kind} ${name}`).digest('hex')
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
  ]
  return [...parts, hex.slice(20, 32)].join('-')
}

async function archiveAt(path: string, format: ArchiveFormat): Promise<ArchiveSource | null> {
  try {
    const bytes = await readFile(path)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    return { url: pathToFileURL(path).href, format, bytes: bytes.length, sha256 }
  } catch (thrown) {
    if (hasErrorCode(thrown, 'ENOENT')) return null
    throw thrown
  }
}

/** Sessions an operator starts by hand: from an archive on this host, saved back to it. */
export function createLocalSessions(deps: LocalSessionsDeps) {
  const { sessions, doors, paths, clock, base } = deps
  const idsOf = (name: string) => ({
    slug: parseValue(projectSlug, name),
    session: sessionId.parse(idFrom('session', name)),
    project: projectId.parse(idFrom('project', name)),
  })

  async function whenReady({ vm }: Hosted): Promise<void> {
    for (;;) {
      const { record } = vm.context
      if (record.end) throw new VesselError(record.end.error?.code ?? 'CANCELLED')
      if (stateOf(record) === 'ready') return
      await clock.sleep(LOOK_EVERY_MS)
    }
  }

  async function start(name: string, path: string | null) {
    const { slug, session, project } = idsOf(name)
    if (path !== null && !isAbsolute(path)) throw new VesselError('BAD_REQUEST')
    const saveTo = path ?? join(paths.keptDir, `${slug}.${deps.archiveFormat}`)
    await mkdir(paths.keptDir, { recursive: true, mode: 0o700 })
    const live = sessions.find(session)
    const isLive = live !== null && live.vm.context.record.end === null
    const epoch = isLive ? live.vm.context.record.epoch : deps.fences.highest(project) + 1
    await sessions.start(
      {
        ...{ opId: opId.parse(randomUUID()), session, project, slug, epoch },
        ...{ spec: DEFAULT_MACHINE, ignore: [], environment: {}, ticketKeys: [doors.key] },
        git: null,
        archive: await archiveAt(saveTo, deps.archiveFormat),
        leaseMs: LEASE_MS,
        bootDeadlineMs: BOOT_DEADLINE_MS,
      },
      { saveTo },
    )
    const hosted = sessions.find(session)
    if (!hosted) throw new VesselError('SESSION_UNKNOWN')
    await whenReady(hosted)
    const code = doors.openDoor({ session, epoch, slug })
    const origin = `${base.scheme}://${slug}.${base.domain}${base.portSuffix}`
    const ip = hosted.vm.context.record.endpoint?.ip ?? null
    return { status: 'success', ip, url: `${origin}${ENTER_PATH}?code=${code}`, savesTo: saveTo }
  }

  async function stop(name: string) {
    const hosted = sessions.find(idsOf(name).session)
    if (!hosted) throw new VesselError('SESSION_UNKNOWN')
    await hosted.vm.stop({ mode: 'save', reason: 'user_exit', failure: null })
    await hosted.vm.whenDone()
    const { record } = hosted.vm.context
    return { status: 'success', isSaved: record.isSaved, savedTo: record.local?.saveTo ?? null }
  }

  return {
    start,
    stop,
    ps: async () => ({ status: 'success', sessions: sessions.records().map(toSessionOnHost) }),
  }
}
export type LocalSessions = ReturnType<typeof createLocalSessions>
