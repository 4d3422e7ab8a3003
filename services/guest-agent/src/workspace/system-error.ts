import { type ErrorCode, VesselError } from '@vessel/proto/errors'

/** Out of blocks, out of quota, or over the largest file: for the user all mean "full". */
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

export function systemCode(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return undefined
  return typeof thrown.code === 'string' ? thrown.code : undefined
}

/** A failed file operation as one of our errors: a full disk is told apart from everything else. */
export function fromSystemError(thrown: unknown, fallback: ErrorCode): VesselError {
  if (thrown instanceof VesselError) return thrown
  if (FULL.has(systemCode(thrown) ?? '')) {
    return new VesselError('DISK_FULL', {
      detail: 'the disk of the workspace is full',
      cause: thrown,
    })
  }
  const isAborted = systemCode(thrown) === 'ABORT_ERR'
  return VesselError.from(thrown, isAborted ? 'CANCELLED' : fallback)
}
