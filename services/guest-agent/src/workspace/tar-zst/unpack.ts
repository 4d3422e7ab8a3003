import type { FileHandle } from 'node:fs/promises'
import { SMALL_BYTES } from '../batches.ts'
import { createBreather } from '../breathe.ts'
import { parentOf } from '../byte-path.ts'
import type { CheckedEntry } from '../check-tree.ts'
import type { DirectoryMeta, UnpackedTree, UnpackInput } from '../codec.ts'
import { withCrew } from '../crew/crew.ts'
import { readAhead } from '../read-ahead.ts'
import { type FileMeta, TreeWriter } from '../tree-writer.ts'
import type { TarEntry } from './parse-header.ts'
import type { TarPart } from './read-tar.ts'
import type { WriteOrder } from './write-files.ts'

/** Contents that are written in one go; a file that does not fit begins the next. */
const BATCH_BYTES = SMALL_BYTES
const FILES_MAX = 128

type Checked = CheckedEntry<TarEntry>

/** Writes files as they come, links last: until then no path can pass through one. */
export async function unpackTar(
  parts: AsyncIterable<TarPart>,
  checked: ReadonlyMap<string, Checked>,
  input: UnpackInput,
): Promise<UnpackedTree> {
  const unpacker = new TarUnpacker(parts, checked, input)
  await withCrew(async (crew) => {
    const write = (order: WriteOrder) => crew.run('writeFiles', order)
    for await (const { item } of readAhead(unpacker.orders(), crew.ahead, write)) {
      for (const { bytes } of item.files) unpacker.count(bytes)
    }
  })
  return unpacker.finish()
}

class TarUnpacker {
  readonly #parts: AsyncIterable<TarPart>
  readonly #checked: ReadonlyMap<string, Checked>
  readonly #input: UnpackInput
  readonly #writer: TreeWriter
  readonly #links: Checked[] = []
  readonly #directories: DirectoryMeta[] = []
  readonly #done = { entriesDone: 0, bytesDone: 0 }
  #files: (FileMeta & { bytes: number })[] = []
  #data = Buffer.alloc(0)
  #bytes = 0

  constructor(
    parts: AsyncIterable<TarPart>,
    checked: ReadonlyMap<string, Checked>,
    input: UnpackInput,
  ) {
    this.#parts = parts
    this.#checked = checked
    this.#input = input
    this.#writer = new TreeWriter(input.root)
  }

  /** Small files as orders to be written; what else is in the tar is done on the way. */
  async *orders(): AsyncGenerator<WriteOrder> {
    const breathe = createBreather(this.#input.signal)
    for await (const part of this.#parts) {
      await breathe()
      const known = this.#checked.get(part.entry.name)
      // Only the folder itself is in the tar and not among the checked.
      if (!known) continue
      const { path, found } = known
      if (found.kind === 'link') this.#links.push(known)
      else if (found.kind === 'directory') this.#makeDirectory(known)
      else if (found.bytes > SMALL_BYTES) await this.#streamFile(known, part)
      else {
        const isFull = this.#bytes + found.bytes > BATCH_BYTES || this.#files.length >= FILES_MAX
        if (isFull) yield this.#takeOrder()
        this.#writer.makeDirectory(parentOf(path))
        await this.#collect(known, part)
      }
    }
    if (this.#files.length > 0) yield this.#takeOrder()
  }

  /** After all orders were done. */
  finish(): UnpackedTree {
    for (const { path, found } of this.#links) {
      this.#writer.writeLink(path, found.target as string, found.mtimeMs)
      this.count(found.bytes)
    }
    return { directories: this.#writer.allDirectories(this.#directories) }
  }

  count(bytes: number): void {
    this.#done.entriesDone += 1
    this.#done.bytesDone += bytes
    this.#input.onProgress(this.#done)
  }

  #makeDirectory({ path, found }: Checked): void {
    this.#writer.makeDirectory(path)
    this.#directories.push({ path, mode: found.mode, mtimeMs: found.mtimeMs })
    this.count(found.bytes)
  }

  async #streamFile({ path, found }: Checked, part: TarPart): Promise<void> {
    const meta = { path, mode: found.mode, mtimeMs: found.mtimeMs }
    await this.#writer.streamFile(meta, (output) => writeAll(output, part.content()))
    this.count(found.bytes)
  }

  async #collect({ path, found }: Checked, part: TarPart): Promise<void> {
    if (this.#files.length === 0) this.#data = Buffer.allocUnsafeSlow(BATCH_BYTES)
    const { mode, mtimeMs, bytes } = found
    this.#files.push({ path, mode, mtimeMs, bytes })
    await part.copyTo(this.#data.subarray(this.#bytes, this.#bytes + bytes))
    this.#bytes += bytes
  }

  #takeOrder(): WriteOrder {
    const { root } = this.#input
    const order = { root, files: this.#files, bytes: this.#bytes, data: this.#data }
    this.#files = []
    this.#bytes = 0
    return order
  }
}

async function writeAll(output: FileHandle, chunks: AsyncIterable<Buffer>): Promise<void> {
  for await (const chunk of chunks) {
    for (let done = 0; done < chunk.length; ) {
      done += (await output.write(chunk, done, chunk.length - done)).bytesWritten
    }
  }
}
