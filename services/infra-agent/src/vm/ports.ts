import type { ArchiveFormat } from '@vessel/proto/archive'
import type { FeedBody } from '@vessel/proto/events/feed'
import type { LifecycleEvent } from '@vessel/proto/events/lifecycle'
import type { GitSource } from '@vessel/proto/git'
import type {
  GuestHealth,
  HydrateProgress,
  PackSummary,
  SavePreview,
} from '@vessel/proto/guest/api'
import type { GuestMessage } from '@vessel/proto/guest/messages'
import type { BootId, SessionId, VisitorId } from '@vessel/proto/ids'
import type { MachineSpec } from '@vessel/proto/machine'
import type { ReplyOf, RequestOf } from '@vessel/proto/message'
import type { REQUESTS } from '@vessel/proto/registry'
import type { StepName } from '@vessel/proto/steps'
import type { RequestVerb } from '@vessel/proto/subjects'
import type { Piece } from '../packed/pieces.ts'
import type { PackedFile, VmRecord } from './record.ts'

/** What the domain needs of the world. Nothing in `vm/` or `steps/` knows who provides it. */

export interface Clock {
  /** Wall clock, for what people and other machines read. */
  now(): number
  /** Never jumps, for every measure of how long. */
  monotonic(): number
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>
}

export interface Log {
  debug(facts: object, message: string): void
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}

export interface Endpoint {
  readonly ip: string
  readonly port: number
}

/** The driver's own note of a machine. It MUST survive JSON and be enough to find it again. */
export type MachineHandle = NonNullable<VmRecord['machine']>

export interface MachineOrder {
  readonly session: SessionId
  readonly bootId: BootId
  readonly spec: MachineSpec
  readonly token: string
  readonly environment: Readonly<Record<string, string>>
}
export interface FoundMachine {
  readonly session: SessionId
  readonly bootId: BootId
  readonly handle: MachineHandle
}

/** One way to make machines. Every implementation passes `driver.contract.ts`. */
export interface Driver {
  readonly name: string
  readonly capabilities: {
    readonly isIsolated: boolean
    /** The workspace outlives the machine, and a new machine over it can pack it. */
    readonly canRestartOverVolume: boolean
  }
  /** MUST return the same machine when one of this boot already runs. */
  create(order: MachineOrder, signal: AbortSignal): Promise<MachineHandle>
  isAlive(handle: MachineHandle): Promise<boolean>
  /** Where the guest agent answers; null while that is not known yet. */
  address(handle: MachineHandle): Promise<Endpoint | null>
  /**
   * Ends every process of the session and returns only when none is left. Never touches the
   * volume.
   */
  destroy(machine: { session: SessionId; bootId: BootId }): Promise<void>
  pause(handle: MachineHandle): Promise<void>
  resume(handle: MachineHandle): Promise<void>
  /** Every machine of this driver on this host, known to us or not. */
  list(): Promise<readonly FoundMachine[]>
  /** Clears away what machines left that run no more; asked for at the start and from then on. */
  sweep?(): Promise<void>
  /** Follows the console until aborted. */
  console(session: SessionId, onLine: (text: string) => void, signal: AbortSignal): Promise<void>
}

/** The disk of a session: a folder for `process`, a file system in a file for real machines. */
export interface Volumes {
  exists(session: SessionId): Promise<boolean>
  create(session: SessionId, spec: MachineSpec): Promise<void>
  /** Removes everything the session has on disk and returns only when it is gone. */
  remove(session: SessionId): Promise<void>
}

export interface GuestRef {
  readonly endpoint: Endpoint
  readonly token: string
}
export interface PackOrder {
  readonly file: string
  readonly format: ArchiveFormat
  readonly ignore: readonly string[]
  /** The last archive, in the folder of `file`. */
  readonly base: { readonly name: string; readonly pieces: readonly Piece[] } | null
}
export interface PackedArchive extends PackSummary {
  /** By which the guest knows it as a base; null when it does not. */
  readonly name: string | null
  readonly bytes: number
  /** The pieces of files that it is, in the folder of the order's `file`. */
  readonly pieces: readonly Piece[]
}

export interface Guest {
  health(ref: GuestRef, signal: AbortSignal): Promise<GuestHealth>
  hydrate(
    ref: GuestRef,
    /** Null: the workspace starts empty. */
    archive: { file: string; bytes: number; format: ArchiveFormat; sha256: string } | null,
    watch: { onProgress: (progress: HydrateProgress) => void; signal: AbortSignal },
  ): Promise<void>
  /** Instead of `hydrate`: the first files come from a repository. */
  clone(
    ref: GuestRef,
    source: GitSource,
    watch: { onProgress: (progress: HydrateProgress) => void; signal: AbortSignal },
  ): Promise<void>
  /**
   * Writes what is new in the archive to `file` and syncs it: all of it where there is no base or
   * the guest does not know it. Throws unless the trailers match what arrived, and
   * ARCHIVE_MISMATCH when the base is not as it was.
   */
  pack(
    ref: GuestRef,
    order: PackOrder,
    watch: { onBytes: (bytes: number) => void; signal: AbortSignal },
  ): Promise<PackedArchive>
  /** What a save would hold now. */
  preview(ref: GuestRef, ignore: readonly string[], signal: AbortSignal): Promise<SavePreview>
  startIde(ref: GuestRef, signal: AbortSignal): Promise<void>
  stream(
    ref: GuestRef,
    onMessage: (message: GuestMessage) => void,
    signal: AbortSignal,
  ): Promise<void>
  /** Ends what these visitors have open; NOT_FOUND in a guest of an older version. */
  endVisits(ref: GuestRef, visitors: readonly VisitorId[], signal: AbortSignal): Promise<number>
  exec(
    ref: GuestRef,
    order: { argv: readonly string[]; timeoutMs: number },
    signal: AbortSignal,
  ): Promise<ReplyOf<typeof import('@vessel/proto/commands/exec')['exec']>>
}

/** Asks whichever orchestrator answers first. */
export interface Orchestrator {
  ask<V extends RequestVerb>(
    verb: V,
    request: RequestOf<(typeof REQUESTS)[V]>,
    signal: AbortSignal,
  ): Promise<ReplyOf<(typeof REQUESTS)[V]>>
}

export interface StepNote {
  readonly state: 'started' | 'progress' | 'done' | 'skipped' | 'failed'
  readonly durationMs?: number
  readonly fraction?: number
  readonly detail?: string
}
type LineBody = Extract<FeedBody, { kind: 'line' }>

/** The story of one boot, stamped without holes. */
export interface Feed {
  line(source: LineBody['source'], text: string, level?: LineBody['level']): void
  step(step: StepName, note: StepNote): void
  /** Resolves when the event is safe on disk. */
  event(event: LifecycleEvent): Promise<void>
  metric(message: GuestMessage): void
}

export interface Routes {
  isPublished(record: VmRecord): Promise<boolean>
  publish(record: VmRecord): Promise<void>
  withdraw(session: SessionId): Promise<void>
}

export interface Transfer {
  download(
    record: VmRecord,
    file: string,
    watch: { onBytes: (done: number, total: number) => void; signal: AbortSignal },
  ): Promise<void>
  isDownloaded(record: VmRecord, file: string): Promise<boolean>
  /** Returns the path in storage, once the whole of it is there. */
  upload(
    record: VmRecord,
    watch: { onBytes: (done: number, total: number) => void; signal: AbortSignal },
  ): Promise<string>
}

export interface ArchiveReader {
  /** In chunks that hold until the next is asked for. */
  read(offset: number, bytes: number): AsyncIterable<Buffer>
  close(): Promise<void>
}

/** The archives of a session on this host. */
export interface PackedFiles {
  /** Writes down of which pieces an archive is. On the disk when this resolves. */
  note(place: SessionId, file: string, pieces: readonly Piece[]): Promise<void>
  /** Null unless all of the archive is there. */
  piecesOf(place: SessionId, archive: PackedFile): Promise<readonly Piece[] | null>
  /** Reads an archive as the one file it stands for. The reader MUST be closed. */
  open(place: SessionId, archive: PackedFile): Promise<ArchiveReader>
  /** Removes whatever none of these archives needs. */
  sweep(place: SessionId, archives: readonly PackedFile[]): Promise<void>
  /** Whether an archive may stay for the next one to build on. */
  hasRoom(place: SessionId): Promise<boolean>
  /** Makes an archive of many pieces one file again. */
  gather(place: SessionId, archive: PackedFile): Promise<void>
}

export interface Journal {
  write(record: VmRecord): Promise<void>
  remove(session: SessionId): Promise<void>
}
