import { closeSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { BytePath } from '../byte-path.ts'
import { readAt } from '../read-at.ts'
import { readChunks, readReused } from '../read-chunks.ts'

/** By these a file is known to be as it was: nobody can set the time of the last change. */
export interface FileIdentity {
  readonly ino: number
  readonly size: number
  readonly mtimeMs: number
  readonly ctimeMs: number
}

/** What a zip says of a file's data, and how its data are coded. */
export interface CodedSums {
  readonly method: number
  readonly crc: number
  readonly bytes: number
  readonly compressedBytes: number
}

export interface KeptFile extends CodedSums {
  readonly identity: FileIdentity
  readonly start: number
  /** Of the coded data: a disk may give back something else. */
  readonly codedCrc: number
  round: number
}

/** A file of a batch that was coded together. */
export interface FileToKeep {
  readonly path: BytePath
  /** Null when nobody knows which state of the file was read. */
  readonly identity: FileIdentity | null
  readonly sums: CodedSums
  readonly codedCrc: number
}

/** Takes the coded data of one file as they are written. */
export interface Keeper {
  write(chunk: Uint8Array): void
  done(sums: CodedSums): void
}

/** Of a file that is still being written the times may stay as they are: it is not kept yet. */
const SETTLED_MS = 2_000
/** What is kept must never be why a disk is full. */
const FREE_SHARE_MIN = 0.2
const FILES_MAX = 200_000
const NOBODY: Keeper = { write: () => undefined, done: () => undefined }

export interface PackCacheDeps {
  readonly dir: string
  readonly now: () => number
  readonly warn: (text: string) => void
}

/**
 * The coded data of the last pack, so that files that did not change are not compressed again. It
 * is forgotten with the process, and whatever goes wrong with it only makes a pack slower.
 */
export class PackCache {
  readonly #deps: PackCacheDeps
  readonly #file: string
  #known = new Map<BytePath, KeptFile>()
  #fd: number | null = null
  #end = 0
  #round = 0

  constructor(deps: PackCacheDeps) {
    this.#deps = deps
    this.#file = join(deps.dir, 'packed.cache')
    rmSync(this.#file, { force: true })
  }

  /** Before a pack. */
  begin(): void {
    this.#round += 1
    try {
      const { bavail, blocks } = statfsSync(this.#deps.dir)
      if (bavail < blocks * FREE_SHARE_MIN) this.#forget()
      else this.#fd ??= openSync(this.#file, 'w+', 0o600)
    } catch (thrown) {
      this.#giveUp(thrown)
    }
  }

  find(path: BytePath, identity: FileIdentity): KeptFile | undefined {
    const kept = this.#known.get(path)
    if (!kept || this.#fd === null || !isSame(kept.identity, identity)) return undefined
    kept.round = this.#round
    return kept
  }

  /** The coded data of small files; undefined in place of what the disk did not keep. */
  read(files: readonly KeptFile[]): (Buffer | undefined)[] {
    return runsOf(files).flatMap((run) => {
      const start = (run[0] as KeptFile).start
      const region = this.#readRegion(
        start,
        run.reduce((sum, file) => sum + file.compressedBytes, 0),
      )
      return run.map((file) => {
        const at = file.start - start
        const data = region?.subarray(at, at + file.compressedBytes)
        return data && crc32(data) === file.codedCrc ? data : undefined
      })
    })
  }

  #readRegion(start: number, bytes: number): Buffer | undefined {
    if (this.#fd === null) return undefined
    try {
      const region = readAt(this.#fd, start, bytes)
      return region.length === bytes ? region : undefined
    } catch (thrown) {
      this.#giveUp(thrown)
      return undefined
    }
  }

  /** Whether the data of a large file are as they were written, without holding them. */
  async isWhole({ start, compressedBytes, codedCrc }: KeptFile): Promise<boolean> {
    if (this.#fd === null) return false
    let crc = 0
    for await (const chunk of readReused(this.#fd, { start, bytesMax: compressedBytes }))
      crc = crc32(chunk, crc)
    return crc === codedCrc
  }

  chunks({ start, compressedBytes }: KeptFile): AsyncIterable<Buffer> {
    if (this.#fd === null) throw new Error('nothing is kept')
    return readChunks(this.#fd, { start, bytesMax: compressedBytes })
  }

  /** Keeps what was coded in one go: the data of the files follow each other. */
  keepAll(files: readonly FileToKeep[], data: Uint8Array): void {
    if (!files.some(({ identity }) => identity && this.#isWorthKeeping(identity))) return
    let start = this.#end
    this.#append(data)
    for (const { path, identity, sums, codedCrc } of files) {
      if (identity && this.#isWorthKeeping(identity)) {
        const { method, crc, bytes, compressedBytes } = sums
        const coded = { method, crc, bytes, compressedBytes, codedCrc, start }
        this.#remember(path, { ...coded, identity })
      }
      start += sums.compressedBytes
    }
  }

  /** For a large file, whose data come piece by piece; nothing else may be kept meanwhile. */
  keep(path: BytePath, identity: FileIdentity): Keeper {
    if (!this.#isWorthKeeping(identity)) return NOBODY
    const start = this.#end
    let codedCrc = 0
    return {
      write: (chunk) => {
        codedCrc = crc32(chunk, codedCrc)
        this.#append(chunk)
      },
      done: (sums) => this.#remember(path, { ...sums, identity, start, codedCrc }),
    }
  }

  /** After a pack that went through: what was not in it is gone from the workspace. */
  end(): void {
    let live = 0
    for (const [path, kept] of this.#known) {
      if (kept.round === this.#round) live += kept.compressedBytes
      else this.#known.delete(path)
    }
    if (this.#end > 2 * live) this.#forget()
  }

  close(): void {
    this.#forget()
  }

  #isWorthKeeping({ ctimeMs }: FileIdentity): boolean {
    const isYoung = this.#deps.now() - ctimeMs < SETTLED_MS
    return !isYoung && this.#fd !== null && this.#known.size < FILES_MAX
  }

  #remember(path: BytePath, kept: Omit<KeptFile, 'round'>): void {
    if (this.#fd !== null) this.#known.set(path, { ...kept, round: this.#round })
  }

  #append(chunk: Uint8Array): void {
    if (this.#fd === null) return
    try {
      for (let done = 0; done < chunk.length; ) {
        done += writeSync(this.#fd, chunk, done, chunk.length - done, this.#end + done)
      }
      this.#end += chunk.length
    } catch (thrown) {
      this.#giveUp(thrown)
    }
  }

  #giveUp(thrown: unknown): void {
    this.#deps.warn(`saves are not kept for the next one: ${String(thrown)}`)
    this.#forget()
  }

  #forget(): void {
    this.#known = new Map()
    this.#end = 0
    if (this.#fd !== null) closeSync(this.#fd)
    this.#fd = null
    rmSync(this.#file, { force: true })
  }
}

/** Files whose data lie one after the other, to be read at once. */
function runsOf(files: readonly KeptFile[]): KeptFile[][] {
  const runs: KeptFile[][] = []
  let end = Number.NaN
  for (const file of files) {
    if (file.start === end) runs.at(-1)?.push(file)
    else runs.push([file])
    end = file.start + file.compressedBytes
  }
  return runs
}

function isSame(one: FileIdentity, other: FileIdentity): boolean {
  return (
    one.ino === other.ino &&
    one.size === other.size &&
    one.mtimeMs === other.mtimeMs &&
    one.ctimeMs === other.ctimeMs
  )
}
