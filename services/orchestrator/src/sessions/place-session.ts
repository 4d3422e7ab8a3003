import type { StartCommand } from '@vessel/proto/commands/start'
import { BIDS_WANTED } from '@vessel/proto/placement'
import type { HostCommands, Market } from '../placement/ports.ts'
import { rankBids } from '../placement/rank-bids.ts'
import type { Announcer, Log } from '../ports.ts'
import type { Session } from '../store/rows.ts'
import { SESSION_LIMITS as LIMITS } from './limits.ts'
import type { ProjectReader, SessionStore } from './ports.ts'
import { makeStartCommand, type StartCommandDeps } from './start-command.ts'

export interface PlaceDeps extends StartCommandDeps {
  readonly store: SessionStore
  readonly projects: ProjectReader
  readonly market: Market
  readonly commands: HostCommands
  readonly announcer: Announcer
  readonly random: () => number
  readonly log: Log
}

/** Milliseconds until the session is looked at again; 0: it moved on. */
export async function placeSession(session: Session, deps: PlaceDeps): Promise<number> {
  const { store } = deps
  const ahead = await store.queueAhead(session.id)
  if (ahead >= LIMITS.queueFront) return waitInQueue(session, null, deps)

  const project = await deps.projects.get(session.projectId)
  const { isAnyoneThere, bids } = await deps.market.ask({
    session: session.id,
    project: session.projectId,
    spec: session.spec,
    archiveSha256: project?.head?.sha256 ?? null,
  })
  if (!isAnyoneThere) return waitInQueue(session, 'host', deps)
  if (bids.length === 0) return waitInQueue(session, 'room', deps)

  for (const bid of rankBids(bids, deps.random).slice(0, BIDS_WANTED)) {
    const placed = await store.place(session.id, bid.host)
    if (!placed) return LIMITS.leaseLookMs
    deps.announcer.session(session.id)
    const isTaken = await sendStart(placed, deps)
    if (isTaken) return 0
    await store.releaseLease(placed)
    const back = await store.move({ session: placed, to: 'placing' })
    if (!back) return 0
  }
  return LIMITS.placeAgainMs
}

/** Who did not ask the hosts (null) waits for what the first of the queue waits for. */
async function waitInQueue(
  session: Session,
  waitsFor: Session['waitsFor'],
  deps: PlaceDeps,
): Promise<number> {
  const queued = await deps.store.queue(session.id, waitsFor)
  const isNews = !session.queuedAt || queued?.waitsFor !== session.waitsFor
  if (queued && isNews) deps.announcer.session(session.id)
  return LIMITS.queueLookMs
}

/**
 * False when the host surely does not have it. Without an answer it may: the session stays where it
 * is, and the same command is sent again.
 */
export async function sendStart(session: Session, deps: PlaceDeps): Promise<boolean> {
  const { commands, store, log } = deps
  const host = session.hostId
  if (!host) return false
  const facts = { session: session.id, project: session.projectId, host, epoch: session.epoch }
  const command: StartCommand = await makeStartCommand(session, deps)
  const result = await commands.send(host, 'start', command)

  if (result.kind === 'unknown') return true
  if (result.kind === 'absent') {
    log.warn({ ...facts, opId: command.opId }, 'host is not there')
    return false
  }
  if (!result.reply.ok) {
    log.info({ ...facts, opId: command.opId, code: result.reply.error.code }, 'host refused')
    return false
  }
  await store.noteBoot(session, result.reply.value.bootId)
  log.info({ ...facts, opId: command.opId, boot: result.reply.value.bootId }, 'host took session')
  return true
}
