import type { ArchiveFormat } from '@vessel/proto/archive'
import { VesselError } from '@vessel/proto/errors'
import type { Paths } from '../paths.ts'
import type {
  Clock,
  Driver,
  Feed,
  Guest,
  GuestRef,
  Journal,
  Log,
  Orchestrator,
  PackedFiles,
  Routes,
  Transfer,
  Volumes,
} from './ports.ts'
import type { VmRecord } from './record.ts'

export interface SessionDeps {
  readonly driver: Driver
  readonly volumes: Volumes
  readonly guest: Guest
  readonly orchestrator: Orchestrator
  readonly transfer: Transfer
  readonly packed: PackedFiles
  readonly routes: Routes
  readonly journal: Journal
  readonly clock: Clock
  readonly log: Log
  readonly paths: Paths
  readonly archiveFormat: ArchiveFormat
  /** The state of a session changed: tell the world. */
  readonly onChange: () => void
}

/** What the steps of one session share: its record, its feed and the world. */
export interface SessionContext {
  readonly deps: SessionDeps
  readonly feed: Feed
  readonly record: VmRecord
  /** Work of a plan that was called off, and may still make something. */
  leave(work: Promise<unknown>): void
  /** Resolves when nothing of the kind is on its way any more. */
  whenStill(): Promise<void>
  /** Changes the record, in memory and, before it returns, on disk. */
  update(patch: Partial<VmRecord>): Promise<void>
}

export function createContext(deps: SessionDeps, feed: Feed, initial: VmRecord): SessionContext {
  let record = initial
  const left = new Set<Promise<unknown>>()
  return {
    leave(work) {
      const settled: Promise<unknown> = work.catch(() => undefined).then(() => left.delete(settled))
      left.add(settled)
    },
    whenStill: async () => void (await Promise.all(left)),
    deps,
    feed,
    get record() {
      return record
    },
    async update(patch) {
      record = { ...record, ...patch }
      await deps.journal.write(record)
      deps.onChange()
    },
  }
}

export function guestOf(record: VmRecord): GuestRef {
  if (!record.endpoint) {
    throw new VesselError('GUEST_TIMEOUT', { detail: 'the address of the machine is not known' })
  }
  return { endpoint: record.endpoint, token: record.token }
}
