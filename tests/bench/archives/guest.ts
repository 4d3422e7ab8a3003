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
  hydrate(archive: Archive | null): Promise<HydrateTimes>
  /** With `last`, as an agent saves again: only what is new comes, beside the archive of before. */
  pack(format: ArchiveFormat, file: string, last?: PackedArchive): Promise<PackedArchive>
}
export interface HydrateTimes {
  /** Until the guest had the archive, and had checked it. */
  readonly receiveMs: number
  /** From then until all of it stood in the workspace, and on the disk. */
  readonly unpackMs: number
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
    async hydrate(archive) {
      const startedAt = performance.now()
      let receivedAt: number | undefined
      const onProgress = () => {
        receivedAt ??= performance.now()
      }
      await guestClient.hydrate(ref, archive, { onProgress, signal: signal() })
      const begunAt = receivedAt ?? startedAt
      return { receiveMs: begunAt - startedAt, unpackMs: performance.now() - begunAt }
    },
    async pack(format, file, last) {
      const base = last?.name ? { name: last.name, pieces: last.pieces } : null
      const order = { file, format, ignore: [], base }
      const watch = { onBytes: () => undefined, signal: signal() }
      return { file, format, ...(await guestClient.pack(ref, order, watch)) }
    },
  }
}
