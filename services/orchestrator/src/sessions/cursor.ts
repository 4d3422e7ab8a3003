import { VesselError } from '@vessel/proto/errors'
import { timestamp } from '@vessel/proto/ids'
import { z } from 'zod'

const place = z.tuple([timestamp, z.uuid()])

/** Where a list goes on: after the row of this time and id. Opaque to callers. */
export function formatCursor(at: string, id: string): string {
  return Buffer.from(JSON.stringify([at, id])).toString('base64url')
}

export function parseCursor(cursor: string): { at: string; id: string } {
  try {
    const [at, id] = place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
    return { at, id }
  } catch (cause) {
    throw new VesselError('VALIDATION', {
      detail: 'cursor: not one of ours',
      issues: [{ path: 'cursor', message: 'not one of ours' }],
      cause,
    })
  }
}
