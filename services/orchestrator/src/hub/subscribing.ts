import type { Topic } from '@vessel/proto/browser/topics'
import { ERRORS, type ErrorCode, VesselError } from '@vessel/proto/errors'
import type { Position } from '@vessel/proto/stamp'
import type { Connection, WatchedTopic } from './connection.ts'
import type { HubContext } from './context.ts'
import type { Viewer } from './ports.ts'

/** One `sub` on its way, and for as long as the topic is watched. */
export interface Subscribing {
  readonly ctx: HubContext
  readonly connection: Connection
  readonly viewer: Viewer
  readonly topic: Topic
  readonly watched: WatchedTopic
  readonly since: Position | undefined
}

/** The subscription stands: what follows is the replay, or the state, and then live. */
export function sendOk(
  { connection, watched }: Subscribing,
  answer: { recovered: boolean; head: Position | null } = { recovered: false, head: null },
): void {
  connection.send({ type: 'ok', id: watched.subId, topic: watched.name, ...answer })
}

/** The same answer for "not there" and "not yours": a guess must teach nothing. */
export function refusalOf(topic: Topic): ErrorCode {
  if (topic.kind === 'session') return 'SESSION_NOT_FOUND'
  if (topic.kind === 'project') return 'PROJECT_NOT_FOUND'
  return 'FORBIDDEN'
}

/** Ends a topic with the reason, unless its reader has gone already. */
export function failTopic({ ctx, connection, watched }: Subscribing, cause: unknown): void {
  if (watched.ended.isEnded) return
  connection.unwatch(watched.name)
  const isTimeout = cause instanceof DOMException && cause.name === 'TimeoutError'
  const error = isTimeout ? new VesselError('BUS_DOWN') : VesselError.from(cause, 'BUS_DOWN')
  if (error.kind !== 'refused') {
    ctx.log.warn({ topic: watched.name, code: error.code, err: error.message }, 'topic not open')
  }
  connection.sendError(error.code, ERRORS[error.code].title, watched.subId)
}
