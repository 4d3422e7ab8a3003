import { mkdir, rename, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SessionId } from '@vessel/proto/ids'
import type { Paths } from '../paths.ts'
import type { Volumes } from '../vm/ports.ts'

const BYTES_PER_MIB = 1024 * 1024
/** The user of the workspace in every golden image. */
const OWNER = '1000:1000'

export const volumeFile = (paths: Paths, session: SessionId): string =>
  join(paths.vm(session), 'work.ext4')

export interface DiskVolumesDeps {
  readonly paths: Paths
  readonly run: (command: string, args: readonly string[]) => Promise<unknown>
}

/**
 * A volume that is a file system in a sparse file. It is made from outside and from then on only a
 * machine reads it: the host never mounts what a user may have written.
 */
export function createDiskVolumes({ paths, run }: DiskVolumesDeps): Volumes {
  return {
    async exists(session) {
      const found = await stat(volumeFile(paths, session)).catch(() => null)
      return found?.isFile() === true
    },

    async create(session, { diskMib }) {
      await mkdir(paths.staging(session), { recursive: true, mode: 0o700 })
      const file = volumeFile(paths, session)
      const temporary = `${file}.new`
      await writeFile(temporary, '', { mode: 0o600 })
      await truncate(temporary, diskMib * BYTES_PER_MIB)
      const lazy = `root_owner=${OWNER},lazy_itable_init=1,lazy_journal_init=1`
      const options = ['-q', '-F', '-t', 'ext4', '-m', '0', '-L', 'vessel-work', '-E', lazy]
      await run('mke2fs', [...options, temporary])
      await rename(temporary, file)
    },

    remove: (session) => rm(paths.vm(session), { recursive: true, force: true }),
  }
}
