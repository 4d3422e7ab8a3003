import { closeSync, fstatSync } from 'node:fs'
import { quoteName } from '../byte-path.ts'
import { checkTotals } from '../check-tree.ts'
import type { PackInput, TreeTotals } from '../codec.ts'
import { Output } from '../output.ts'
import { type OpenedFile, openForRead } from '../read-file.ts'
import type { TreeEntry } from '../tree-entry.ts'
import { methodForLarge } from './compress.ts'
import { DirectoryBuffer } from './directory-buffer.ts'
import {
  centralHeader,
  dataDescriptor,
  endRecords,
  localHeader,
  type WrittenEntry,
} from './headers.ts'
import { describe, type PreparedBatch, type Ready } from './prepare-batch.ts'
import { streamFile } from './stream-file.ts'

/** Deflate grows data it cannot shrink by less than 0.1 %: decided before the sizes are known. */
const WIDE_FROM_BYTES = 0xf000_0000

/** Writes the parts of a zip in order and remembers what its directory has to say. */
export class ZipPacker {
  readonly #input: PackInput
  readonly #output: Output
  readonly #directory = new DirectoryBuffer()
  #unpackedBytes = 0

  constructor(input: PackInput) {
    this.#input = input
    this.#output = new Output(input.sink)
  }

  async writeBatch(batch: PreparedBatch): Promise<void> {
    for (const prepared of batch.entries) {
      const { entry } = prepared
      if ('ready' in prepared) await this.#write(prepared.ready)
      else if (prepared.outcome === 'large') await this.streamLarge(entry)
      else this.#warnGone(entry)
      if (prepared.outcome === 'unsteady') this.#warnChanged(entry)
    }
    this.#keep(batch)
  }

  /** The sums are known only after the data, so they follow it in a descriptor. */
  async streamLarge(item: TreeEntry): Promise<void> {
    const opened = openForRead(this.#input.root, item.path)
    if (!opened) return this.#warnGone(item)
    try {
      const method = methodForLarge(item.path, opened.fd, opened.stats.size)
      const begun: WrittenEntry = {
        ...describe(item, opened.stats),
        ...{ method, crc: 0, bytes: 0, compressedBytes: 0 },
        offset: this.#output.bytes,
        hasDescriptor: true,
        isWide: opened.stats.size >= WIDE_FROM_BYTES,
      }
      await this.#output.write(localHeader(begun))
      const sums = await this.#streamData(item, opened, method)
      const entry = { ...begun, ...sums }
      await this.#output.write(dataDescriptor(entry))
      if (sums.bytes !== opened.stats.size) this.#warnChanged(item)
      this.#add(entry)
    } finally {
      closeSync(opened.fd)
    }
  }

  async finish(): Promise<TreeTotals> {
    const offset = this.#output.bytes
    this.#directory.finish()
    for (const block of this.#directory.blocks) await this.#output.write(block)
    const { entries } = this.#directory
    await this.#output.write(endRecords(entries, this.#output.bytes - offset, offset))
    await this.#output.flush()
    const unpackedBytes = this.#unpackedBytes
    checkTotals({ entries, unpackedBytes, archiveBytes: this.#output.bytes })
    return { entries, unpackedBytes }
  }

  async #write({ described, sums, data }: Ready): Promise<void> {
    const entry: WrittenEntry = {
      ...described,
      ...sums,
      offset: this.#output.bytes,
      hasDescriptor: false,
      isWide: false,
    }
    await this.#output.write(localHeader(entry))
    await this.#output.write(data)
    this.#add(entry)
  }

  #keep({ coded, codedEntries }: PreparedBatch): void {
    const files = coded.files.flatMap((file, index) => {
      if (typeof file === 'string') return []
      const { path } = codedEntries[index] as TreeEntry
      const identity = file.isSteady ? file.stats : null
      return [{ path, identity, sums: file, codedCrc: file.codedCrc }]
    })
    if (files.length > 0) this.#input.cache.keepAll(files, coded.data)
  }

  async #streamData(item: TreeEntry, { fd, stats }: OpenedFile, method: number) {
    const { cache, signal } = this.#input
    const kept = cache.find(item.path, stats)
    if (kept?.method === method && (await cache.isWhole(kept))) {
      for await (const chunk of cache.chunks(kept)) await this.#output.write(chunk)
      const { crc, bytes, compressedBytes } = kept
      return { crc, bytes, compressedBytes }
    }
    const keeper = cache.keep(item.path, stats)
    const sums = await streamFile({
      ...{ fd, bytesMax: stats.size, method, signal },
      write: async (chunk) => {
        keeper.write(chunk)
        await this.#output.write(chunk)
      },
    })
    const after = fstatSync(fd)
    const isSteady = after.ctimeMs === stats.ctimeMs && sums.bytes === stats.size
    if (isSteady) keeper.done({ ...sums, method })
    return sums
  }

  #add(entry: WrittenEntry): void {
    this.#unpackedBytes += entry.bytes
    this.#directory.add(centralHeader(entry))
  }

  #warnGone(entry: TreeEntry): void {
    this.#input.warn(`${quoteName(entry.path)} vanished while it was packed and is left out`)
  }

  #warnChanged(entry: TreeEntry): void {
    this.#input.warn(`${quoteName(entry.path)} changed while it was packed`)
  }
}
