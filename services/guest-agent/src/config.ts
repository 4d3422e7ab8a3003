import { readFile, stat } from 'node:fs/promises'
import { VesselError } from '@vessel/proto/errors'
import { type GuestConfig, guestConfig } from '@vessel/proto/guest/api'
import { parseJson } from '@vessel/proto/parse'

/** Reads the one file the host gives us. It holds the token, so nobody else may read it. */
export async function readConfig(path: string): Promise<GuestConfig> {
  const { mode } = await stat(path)
  if ((mode & 0o077) !== 0) {
    throw new VesselError('BAD_REQUEST', { detail: `${path} is readable by others: make it 0600` })
  }
  return Object.freeze(parseJson(guestConfig, await readFile(path, 'utf8')))
}
