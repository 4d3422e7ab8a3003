import { access, mkdir, rm } from 'node:fs/promises'
import { VesselError } from '@vessel/proto/errors'
import type { Paths } from '../paths.ts'
import type { Clock, Volumes } from '../vm/ports.ts'

/** A program may hold a folder open for a moment after it was killed. */
const REMOVE_TRIES_MAX = 10
const REMOVE_RETRY_MS = 100

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

/** A volume that is a plain folder, for the driver whose machines are plain processes. */
export function createFolderVolumes(deps: { paths: Paths; clock: Clock }): Volumes {
  const { paths, clock } = deps
  return {
    async exists(session) {
      const folders = [paths.workspace, paths.home, paths.guestState, paths.staging]
      const found = await Promise.all(folders.map((folder) => isThere(folder(session))))
      return found.every(Boolean)
    },

    async create(session) {
      for (const folder of [paths.workspace, paths.home, paths.guestState, paths.staging]) {
        await mkdir(folder(session), { recursive: true, mode: 0o700 })
      }
    },

    async remove(session) {
      const folder = paths.vm(session)
      for (let attempt = 1; await isThere(folder); attempt += 1) {
        try {
          await rm(folder, { recursive: true, force: true })
        } catch (cause) {
          if (attempt < REMOVE_TRIES_MAX) await clock.sleep(REMOVE_RETRY_MS)
          else throw new VesselError('DESTROY_FAILED', { detail: 'the folder stays', cause })
        }
      }
    },
  }
}
