import { ARCHIVE_LIMITS } from '@vessel/proto/archive'
import { VesselError } from '@vessel/proto/errors'
import { type BytePath, quoteName } from './byte-path.ts'

function unsafe(name: BytePath, why: string): VesselError {
  return new VesselError('ARCHIVE_UNSAFE', { detail: `entry ${quoteName(name)} ${why}` })
}

/** Fine on Linux, a way out elsewhere: only accepted where the entry says it is meant literally. */
export function needsLiteral(raw: BytePath): boolean {
  return raw.includes('\\') || /^[a-zA-Z]:\//.test(raw)
}

/**
 * The one form a name may take below the workspace, or a refusal naming the offender.
 *
 * A backslash is a separator to the tools that write `..\..\evil`, so it is refused, except where
 * the entry says it was a real Linux file with a backslash in its name (`isLiteral`).
 */
export function checkEntryName(raw: BytePath, isLiteral: boolean): BytePath {
  if (raw.length > ARCHIVE_LIMITS.nameBytesMax) throw unsafe(raw, 'has a name that is too long')
  if (raw.includes('\0')) throw unsafe(raw, 'has a NUL in its name')
  if (raw.startsWith('/')) throw unsafe(raw, 'is an absolute path')
  if (needsLiteral(raw) && !isLiteral) throw unsafe(raw, 'has a backslash or drive in its name')

  const path = raw.replace(/^(?:\.\/)+/, '').replace(/\/$/, '')
  const segments = path.split('/')
  if (segments.length > ARCHIVE_LIMITS.depthMax) throw unsafe(raw, 'is too deep')
  for (const segment of segments) {
    if (segment === '..') throw unsafe(raw, 'leaves the workspace')
    if (segment === '' || segment === '.') throw unsafe(raw, 'has an empty part in its name')
    if (segment.length > 255) throw unsafe(raw, 'has a part that is too long')
  }
  return path
}
