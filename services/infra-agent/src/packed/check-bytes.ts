import { ARCHIVE_LIMITS } from '@vessel/proto/archive'
import { VesselError } from '@vessel/proto/errors'

/** Whoever made the archive: no machine may fill the disk of its host. */
export function checkBytes(bytes: number): void {
  if (bytes > ARCHIVE_LIMITS.archiveBytesMax) throw new VesselError('ARCHIVE_TOO_LARGE')
}
