import { closeSync, fstatSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { checkTotals } from '../check-tree.ts'
import type { PackInput, TreeTotals } from '../codec.ts'
import { Output } from '../output.ts'
import type { FileIdentity, PackedFile } from '../pack-index.ts'
import { ReadMemory } from '../read-chunks.ts'
import { type OpenedFile, openForRead } from '../read-file.ts'
import { release } from '../release.ts'
import { tellChanged, tellGone } from '../tell.ts'
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
import { describe, identityOf, type PreparedBatch, type Ready } from './prepare-batch.ts'
import { streamFile } from './stream-file.ts'

/** Deflate grows data it cannot shrink by less than 0.1 %: decided before the sizes are known. */
const WIDE_FROM_BYTES = 0xf000_0000

/** Of every file that was handled in memory: one object for all of them. */
const PLAIN_LAYOUT = { hasDescriptor: false, isWide: false }

/** Writes the parts of a zip in order and remembers what its directory has to say. */
export class ZipPacker {
  readonly #input: PackInput
  readonly #output: Output
  readonly #directory = new DirectoryBuffer()
  readonly #memory = new ReadMemory()
  #unpackedBytes = 0

  constructor(input: PackInput) {
    this.#input = input
    this.#output = new Output(input.sink, input.round.base !== null)
  }

  async writeBatch(batch: PreparedBatch): Promise<void> {
    for (const prepared of batch.entries) {
      const { entry } = prepared
      if (prepared.outcome === 'kept') {
        const room = this.#copy(entry, prepared.kept)
        if (room) await room
      } else if ('ready' in prepared) await this.#write(prepared.ready)
      else if (prepared.outcome === 'large') await this.writeLarge(entry)
      else tellGone(this.#input, entry)
      if (prepared.outcome === 'unsteady') tellChanged(this.#input, entry)
    }
    release(batch.data)
  }

  async writeLarge(item: TreeEntry): Promise<void> {
    const kept = this.#input.round.find(item.path, identityOf(item))
    if (kept) return this.#copy(item, kept)
    const opened = openForRead(this.#input.root, item.path)
    if (!opened) return tellGone(this.#input, item)
    try {
      await this.#stream(item, opened)
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

  #copy(entry: TreeEntry, { identity, span, sums, layout }: PackedFile): Promise<void> | undefined {
    const offset = this.#output.bytes
    this.#add({ ...describe(entry, entry), ...sums, ...layout, offset })
    this.#input.round.note(entry.path, { identity, sums, layout, span: { ...span, offset } })
    return this.#output.copy(span)
  }

  async #write({ described, sums, data, identity }: Ready): Promise<void> {
    const entry: WrittenEntry = {
      ...described,
      ...sums,
      offset: this.#output.bytes,
      ...PLAIN_LAYOUT,
    }
    const header = localHeader(entry)
    await this.#output.write(header)
    await this.#output.write(data)
    this.#add(entry)
    if (identity) this.#note(entry, crc32(data, crc32(header)), identity)
  }

  /** The sums are known only after the data, so they follow it in a descriptor. */
  async #stream(item: TreeEntry, { fd, stats }: OpenedFile): Promise<void> {
    const begun: WrittenEntry = {
      ...describe(item, stats),
      ...{ method: methodForLarge(item.path, fd, stats.size), crc: 0, bytes: 0 },
      ...{ compressedBytes: 0, offset: this.#output.bytes },
      hasDescriptor: true,
      isWide: stats.size >= WIDE_FROM_BYTES,
    }
    let spanCrc = 0
    const write = async (chunk: Uint8Array): Promise<void> => {
      spanCrc = crc32(chunk, spanCrc)
      await this.#output.write(chunk)
    }
    await write(localHeader(begun))
    const { method } = begun
    const { signal } = this.#input
    const { size: bytesMax } = stats
    const sums = await streamFile({ fd, bytesMax, method, signal, memory: this.#memory, write })
    const entry = { ...begun, ...sums }
    await write(dataDescriptor(entry))
    if (sums.bytes !== stats.size) tellChanged(this.#input, item)
    const isSteady = fstatSync(fd).ctimeMs === stats.ctimeMs && sums.bytes === stats.size
    this.#add(entry)
    if (isSteady) this.#note(entry, spanCrc, stats)
  }

  #add(entry: WrittenEntry): void {
    this.#unpackedBytes += entry.bytes
    this.#directory.add(centralHeader(entry))
  }

  /** All of the entry stands in the archive now. */
  #note(entry: WrittenEntry, crcOfSpan: number, identity: FileIdentity): void {
    const { offset, method, crc, bytes, compressedBytes, hasDescriptor, isWide } = entry
    const { ino, size, mtimeMs, ctimeMs } = identity
    this.#input.round.note(entry.name, {
      identity: { ino, size, mtimeMs, ctimeMs },
      span: { offset, bytes: this.#output.bytes - offset, crc: crcOfSpan },
      sums: { method, crc, bytes, compressedBytes },
      layout: hasDescriptor ? { hasDescriptor, isWide } : PLAIN_LAYOUT,
    })
  }
}
