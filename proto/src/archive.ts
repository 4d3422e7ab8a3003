import { z } from 'zod'
import { sha256 } from './ids.ts'

export const ARCHIVE_FORMATS = ['zip', 'tar.zst'] as const
export const archiveFormat = z.enum(ARCHIVE_FORMATS)
export type ArchiveFormat = z.infer<typeof archiveFormat>

/** A stored archive and how to fetch it. The agent never learns more than this signed URL. */
export const archiveSource = z.object({
  url: z.url(),
  format: archiveFormat,
  bytes: z.int().nonnegative(),
  sha256,
})
export type ArchiveSource = z.infer<typeof archiveSource>

/** Limits on what an archive may unpack to; over any of them nothing is written. */
export const ARCHIVE_LIMITS = {
  entriesMax: 200_000,
  unpackedBytesMax: 20 * 1024 ** 3,
  /** Coding can make an archive a little larger than what is in it. */
  archiveBytesMax: Math.ceil(20.2 * 1024 ** 3),
  /** A zip of real files rarely passes 100:1; a bomb does. Not applied below `ratioFloorBytes`. */
  ratioMax: 100,
  ratioFloorBytes: 64 * 1024 ** 2,
  nameBytesMax: 4_096,
  depthMax: 128,
} as const

/** Never saved: rebuilt by the tools that made them. `.vesselignore` adds to the list. */
export const ALWAYS_IGNORED = ['node_modules/'] as const
export const IGNORE_FILE = '.vesselignore'

/** The key of a saved archive: never reused, so no upload can ever replace another. */
export function archivePath(parts: {
  userId: string
  projectId: string
  epoch: number
  seq: number
  sha256: string
  format: ArchiveFormat
}): string {
  const { userId, projectId, epoch, seq, format } = parts
  return `${userId}/${projectId}/${epoch}-${seq}-${parts.sha256.slice(0, 8)}.${format}`
}

export const ARCHIVE_BUCKET = 'user-projects'
/** Above this an upload is resumable (Supabase advises it above 6 MB). */
export const RESUMABLE_ABOVE_BYTES = 6 * 1024 * 1024
