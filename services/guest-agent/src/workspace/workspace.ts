import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { ARCHIVE_LIMITS, type ArchiveFormat } from '@vessel/proto/archive'
import { VesselError } from '@vessel/proto/errors'
import type { GitSource } from '@vessel/proto/git'
import type {
  GuestHealth,
  HydrateProgress,
  PackRequest,
  SavePreview,
} from '@vessel/proto/guest/api'
import type { ArchiveCodec, TreeTotals } from './codec.ts'
import type { Codecs } from './codecs.ts'
import { hydrate } from './hydrate.ts'
import { createMarks, type Marks } from './marks.ts'
import { PackIndex } from './pack-index.ts'
import { type PreparedPack, packWorkspace } from './pack-workspace.ts'
import { clearWorkspace, listWorkspace } from './place-tree.ts'
import { previewSave } from './preview.ts'
import { receiveArchive } from './receive-archive.ts'
import { fromSystemError } from './system-error.ts'

type State = GuestHealth['workspace']

const PACK_RETRY_MS = 1_000

export interface Upload {
  readonly body: Readable
  readonly bytes: number
  readonly sha256: string
}

/** Fills a folder from a repository. */
export type Clone = (
  source: GitSource,
  watch: { dir: string; onProgress: (progress: HydrateProgress) => void; signal: AbortSignal },
) => Promise<TreeTotals>

export interface WorkspaceDeps {
  readonly workspaceDir: string
  readonly stateDir: string
  readonly codecs: Codecs
  readonly clone: Clone
  /** Told once, when the files are complete and nobody knows yet: later changes are the user's. */
  readonly onReady: () => Promise<void>
  readonly warn: (text: string) => void
}

/** The workspace folder and what may be done with it: filled once, packed when complete. */
export class Workspace {
  readonly #deps: WorkspaceDeps
  readonly #marks: Marks
  readonly #index = new PackIndex(Date.now)
  #state: State = 'empty'
  #isPacking = false

  constructor(deps: WorkspaceDeps) {
    this.#deps = deps
    this.#marks = createMarks(deps.stateDir)
  }

  get state(): State {
    return this.#state
  }

  /** After a restart: a complete tree is still complete, half of one is removed. */
  async restore(): Promise<void> {
    const { workspaceDir, stateDir } = this.#deps
    await mkdir(workspaceDir, { recursive: true })
    await mkdir(stateDir, { recursive: true, mode: 0o700 })
    await rm(this.#uploadFile, { force: true })
    if (await this.#marks.isReady()) {
      await this.#marks.clearHydrating()
      await this.#becomeReady()
    } else if (await this.#marks.isHydrating()) {
      await this.#clear()
      this.#state = 'failed'
    }
  }

  /** Throws at once where a hydrate cannot be; the caller then need not read the body. */
  checkHydrate(bytes: number): void {
    if (this.#state === 'hydrating') throw new VesselError('SESSION_BUSY')
    if (this.#state === 'ready') {
      throw new VesselError('CONFLICT', { detail: 'the workspace already has its files' })
    }
    if (bytes > ARCHIVE_LIMITS.archiveBytesMax) throw new VesselError('ARCHIVE_TOO_LARGE')
  }

  /** Receives the archive; what it resolves to unpacks it. Both leave nothing behind on failure. */
  async receive(upload: Upload, signal: AbortSignal): Promise<void> {
    this.checkHydrate(upload.bytes)
    this.#state = 'hydrating'
    const { body, bytes, sha256 } = upload
    try {
      await this.#checkEmpty()
      if (bytes === 0) return
      await receiveArchive({ body, bytes, sha256, file: this.#uploadFile, signal })
    } catch (thrown) {
      throw await this.#fail(thrown)
    }
  }

  /** Unpacks what `receive` stored. An empty body is an empty project, ready at once. */
  async unpack(
    bytes: number,
    onProgress: (progress: HydrateProgress) => void,
    signal: AbortSignal,
  ): Promise<TreeTotals> {
    const { workspaceDir, codecs } = this.#deps
    const file = this.#uploadFile
    return this.#fill(signal, async () => {
      await this.#marks.setHydrating()
      let totals: TreeTotals = { entries: 0, unpackedBytes: 0 }
      if (bytes > 0) totals = await hydrate({ workspaceDir, file, codecs, signal, onProgress })
      await rm(file, { force: true })
      return totals
    })
  }

  /** The other way to the first files: from a repository instead of an archive. */
  async clone(
    source: GitSource,
    onProgress: (progress: HydrateProgress) => void,
    signal: AbortSignal,
  ): Promise<TreeTotals> {
    const { clone, workspaceDir: dir } = this.#deps
    this.checkHydrate(0)
    this.#state = 'hydrating'
    return this.#fill(signal, async () => {
      await this.#checkEmpty()
      await this.#marks.setHydrating()
      return clone(source, { dir, onProgress, signal })
    })
  }

  /** All of the files or none: half a tree is marked as such, and removed. */
  async #fill(signal: AbortSignal, fill: () => Promise<TreeTotals>): Promise<TreeTotals> {
    try {
      const totals = await fill()
      signal.throwIfAborted()
      await this.#marks.setReady()
      await this.#becomeReady()
      return totals
    } catch (thrown) {
      throw await this.#fail(thrown)
    }
  }

  /** Refuses before the first byte whatever it can refuse; `sink` gets the archive. */
  async pack(request: PackRequest, signal: AbortSignal): Promise<PreparedPack> {
    const codec = await this.#checkPack(request.format)
    this.#isPacking = true
    const { workspaceDir, warn } = this.#deps
    const { ignore, base } = request
    const round = this.#index.begin(codec.isIncremental ? base : undefined)
    try {
      return await packWorkspace({
        ...{ workspaceDir, codec, ignore, signal, warn, round },
        onEnd: () => {
          this.#isPacking = false
        },
      })
    } catch (thrown) {
      this.#isPacking = false
      throw fromSystemError(thrown, 'PACK_FAILED')
    }
  }

  /** What a pack would hold. It may run beside one: it only looks. */
  async preview(ignore: readonly string[], signal: AbortSignal): Promise<SavePreview> {
    if (this.#state !== 'ready') throw new VesselError('SESSION_BUSY')
    return previewSave({ workspaceDir: this.#deps.workspaceDir, ignore, signal })
  }

  async #checkPack(format: ArchiveFormat): Promise<ArchiveCodec> {
    if (this.#state === 'hydrating') throw new VesselError('SESSION_BUSY')
    // The mark on disk decides, not our memory: it is what says the tree is complete.
    if (this.#state !== 'ready' || !(await this.#marks.isReady())) {
      throw new VesselError('CONFLICT', { detail: 'the workspace never got all its files' })
    }
    if (this.#isPacking) throw new VesselError('OP_IN_FLIGHT', { retryAfterMs: PACK_RETRY_MS })
    const codec = this.#deps.codecs[format]
    if (!codec) throw new VesselError('UNSUPPORTED', { detail: `no writer for ${format}` })
    return codec
  }

  /** What an earlier attempt of ours left is removed; anything else is not ours to remove. */
  async #checkEmpty(): Promise<void> {
    if (await this.#marks.isHydrating()) await this.#clear()
    const standing = await listWorkspace(this.#deps.workspaceDir)
    if (standing.length === 0) return
    throw new VesselError('CONFLICT', { detail: 'the workspace is not empty' })
  }

  async #fail(thrown: unknown): Promise<VesselError> {
    const error = fromSystemError(thrown, 'HYDRATE_FAILED')
    try {
      await rm(this.#uploadFile, { force: true })
      if (await this.#marks.isHydrating()) await this.#clear()
    } catch (leftover) {
      // The mark stays, so the next attempt or start removes the rest first.
      this.#deps.warn(`the workspace could not be emptied: ${String(leftover)}`)
    }
    this.#state = 'failed'
    return error
  }

  async #clear(): Promise<void> {
    await clearWorkspace(this.#deps.workspaceDir)
    await this.#marks.clearHydrating()
  }

  async #becomeReady(): Promise<void> {
    await this.#deps.onReady()
    this.#state = 'ready'
  }

  get #uploadFile(): string {
    return join(this.#deps.stateDir, 'upload.archive')
  }
}
