import { readdir, rm, stat, statfs } from 'node:fs/promises'
import type { SessionId } from '@vessel/proto/ids'
import { parseJson } from '@vessel/proto/parse'
import { z } from 'zod'
import { hasErrorCode, readIfThere, writeDurably } from '../host/files.ts'
import { writeSynced } from '../host/write-synced.ts'
import type { Paths } from '../paths.ts'
import type { PackedFiles } from '../vm/ports.ts'
import type { PackedFile } from '../vm/record.ts'
import { bytesOf, filesOf, type Piece } from './pieces.ts'
import { PieceReader } from './read-pieces.ts'

/** An archive of more files or pieces than this costs more to read than to write anew. */
const FILES_MAX = 16
const PIECES_MAX = 2_000
/** Or when this many times its bytes are kept for it. */
const WASTE_MAX = 2
/** What is kept for the next save must never be why a disk is full. */
const FREE_SHARE_MIN = 0.1

const PACKED = /\.part\./
const manifest = z.array(
  z.object({
    file: z.string().regex(/^[\w.-]+$/),
    from: z.int().nonnegative(),
    bytes: z.int().positive(),
  }),
)

const manifestOf = (file: string) => `${file}.json`

/**
 * The archives a host has packed. Each is a row of pieces of the files beside it: what a save left
 * as it was lies in the files of the save before.
 */
export class PackedFilesOnDisk implements PackedFiles {
  readonly #paths: Paths

  constructor(paths: Paths) {
    this.#paths = paths
  }

  async note(place: SessionId, file: string, pieces: readonly Piece[]): Promise<void> {
    // An archive that is one whole file needs nothing written down.
    const isOneFile = pieces.length === 1 && pieces[0]?.file === file && pieces[0].from === 0
    if (isOneFile) return
    await writeDurably(this.#paths.packed(place, manifestOf(file)), JSON.stringify(pieces))
  }

  async piecesOf(place: SessionId, archive: PackedFile): Promise<readonly Piece[] | null> {
    const pieces = await this.#listed(place, archive)
    const isWhole = bytesOf(pieces) === archive.bytes && (await this.#areThere(place, pieces))
    return isWhole ? pieces : null
  }

  async open(place: SessionId, archive: PackedFile): Promise<PieceReader> {
    const pieces = await this.piecesOf(place, archive)
    if (!pieces) throw new Error(`${archive.file} is not whole`)
    return new PieceReader(this.#paths.staging(place), pieces)
  }

  async sweep(place: SessionId, archives: readonly PackedFile[]): Promise<void> {
    const needed = new Set<string>()
    for (const archive of archives) {
      needed.add(manifestOf(archive.file))
      for (const file of filesOf(await this.#listed(place, archive))) needed.add(file)
    }
    const names = await readdir(this.#paths.staging(place)).catch(() => [])
    for (const name of names) {
      if (PACKED.test(name) && !needed.has(name)) await rm(this.#paths.packed(place, name))
    }
  }

  async hasRoom(place: SessionId): Promise<boolean> {
    const { bavail, blocks } = await statfs(this.#paths.staging(place))
    return bavail >= blocks * FREE_SHARE_MIN
  }

  async gather(place: SessionId, archive: PackedFile): Promise<void> {
    const pieces = await this.piecesOf(place, archive)
    if (!pieces || !(await this.#areScattered(place, pieces))) return
    const file = `${archive.file}.whole`
    const reader = new PieceReader(this.#paths.staging(place), pieces)
    try {
      await writeSynced(this.#paths.packed(place, file), async (write) => {
        for await (const chunk of reader.read(0, archive.bytes)) await write(chunk)
      })
    } finally {
      await reader.close()
    }
    await this.note(place, archive.file, [{ file, from: 0, bytes: archive.bytes }])
  }

  async #listed(place: SessionId, { file, bytes }: PackedFile): Promise<readonly Piece[]> {
    const text = await readIfThere(this.#paths.packed(place, manifestOf(file)))
    return text === null ? [{ file, from: 0, bytes }] : parseJson(manifest, text)
  }

  async #areThere(place: SessionId, pieces: readonly Piece[]): Promise<boolean> {
    const ends = new Map<string, number>()
    for (const { file, from, bytes } of pieces) {
      ends.set(file, Math.max(ends.get(file) ?? 0, from + bytes))
    }
    for (const [file, end] of ends) if ((await this.#sizeOf(place, file)) < end) return false
    return true
  }

  async #areScattered(place: SessionId, pieces: readonly Piece[]): Promise<boolean> {
    const files = [...filesOf(pieces)]
    if (files.length > FILES_MAX || pieces.length > PIECES_MAX) return true
    const sizes = await Promise.all(files.map((file) => this.#sizeOf(place, file)))
    return sizes.reduce((sum, size) => sum + size, 0) > WASTE_MAX * bytesOf(pieces)
  }

  async #sizeOf(place: SessionId, file: string): Promise<number> {
    try {
      return (await stat(this.#paths.packed(place, file))).size
    } catch (thrown) {
      if (hasErrorCode(thrown, 'ENOENT')) return -1
      throw thrown
    }
  }
}
