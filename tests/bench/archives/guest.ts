import {
  type GuestProcess,
  type ProcessOptions,
  spawnGuest,
} from '@vessel/guest-agent/testing/guest-process'
import { guestClient } from '@vessel/infra-agent/testing/guest-client'
import type { ArchiveFormat } from '@vessel/proto/archive'

const CALL_MS = 300_000

/** A guest agent in a process of its own, asked as a host asks it. */
export interface Guest {
  readonly process: GuestProcess
  hydrate(archive: Archive | null): Promise<void>
  /** With `last`, as an agent saves again: only what is new comes, beside the archive of before. */
  pack(format: ArchiveFormat, file: string, last?: PackedArchive): Promise<PackedArchive>
}
export interface Archive {
  readonly file: string
  readonly format: ArchiveFormat
  readonly bytes: number
  readonly sha256: string
}
export type PackedArchive = Archive & Awaited<ReturnType<typeof guestClient.pack>>

export async function startGuest(options: ProcessOptions = {}): Promise<Guest> {
  const process = await spawnGuest(options)
  const ref = {
    endpoint: { ip: '127.0.0.1', port: process.port },
    token: process.config.token,
  }
  const signal = () => AbortSignal.timeout(CALL_MS)
  return {
    process,
    hydrate: (archive) =>
      guestClient.hydrate(ref, archive, { onProgress: () => undefined, signal: signal() }),
    async pack(format, file, last) {
      const base = last?.name ? { name: last.name, pieces: last.pieces } : null
      const order = { file, format, ignore: [], base }
      const watch = { onBytes: () => undefined, signal: signal() }
      return { file, format, ...(await guestClient.pack(ref, order, watch)) }
    },
  }
}
