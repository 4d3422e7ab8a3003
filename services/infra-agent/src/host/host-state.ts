import { parseJson } from '@vessel/proto/parse'
import { z } from 'zod'
import type { Paths } from '../paths.ts'
import { readIfThere, writeDurably } from './files.ts'

const hostFile = z.object({ isDraining: z.boolean() })

/** What the host as a whole must remember across restarts of the agent. */
export interface HostState {
  readonly isDraining: boolean
  setDraining(isDraining: boolean): Promise<void>
}

export async function openHostState(paths: Paths): Promise<HostState> {
  const text = await readIfThere(paths.host)
  let isDraining = text === null ? false : parseJson(hostFile, text).isDraining
  return {
    get isDraining() {
      return isDraining
    },
    async setDraining(next) {
      await writeDurably(paths.host, JSON.stringify({ isDraining: next }))
      isDraining = next
    },
  }
}
