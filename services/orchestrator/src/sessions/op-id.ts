import { createHash } from 'node:crypto'
import { type OpId, opId } from '@vessel/proto/ids'
import type { Session } from '../store/rows.ts'

/**
 * The id of a command follows from what it is about, so that any orchestrator that sends it again,
 * after any crash, sends the same: it takes effect once.
 */
export function opIdOf(session: Session, what: string): OpId {
  const hash = createHash('sha256').update(`${session.id}:${session.epoch}:${what}`).digest('hex')
  // A UUID of version 8: ours to fill, of the standard variant.
  return opId.parse(
    [
      hash.slice(0, 8),
      hash.slice(8, 12),
      `8${hash.slice(13, 16)}`,
      `a${hash.slice(17, 20)}`,
      hash.slice(20, 32),
    ].join('-'),
  )
}
