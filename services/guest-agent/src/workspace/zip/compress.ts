import { readSync } from 'node:fs'
import { constants, deflateRawSync } from 'node:zlib'
import { release } from '../release.ts'
import { ZIP } from './format.ts'

/** Levels above cost much time for a few percent; see the numbers in the README. */
export const LEVEL = 4

/** Already compressed: deflating them again costs time and gains nothing. */
const STORED_EXTENSIONS = new Set(
  (
    '7z avif br bz2 docx flac gif gz heic jar jpeg jpg lz4 m4a m4v mkv mov mp3 mp4 ogg ogv opus ' +
    'pdf png pptx rar tgz webm webp whl woff woff2 xlsx xz zip zst'
  ).split(' '),
)

/**
 * A file of zeros shrinks a thousandfold and would look like a bomb when the archive is opened
 * again. Above this ratio the coding without matches is used: it never passes 8:1.
 */
export const RATIO_MAX = 50
export const PLAIN_STRATEGY = constants.Z_HUFFMAN_ONLY
/** Of the compressor's output buffer. */
const CHUNK_BYTES_MIN = 1024
const CHUNK_BYTES_MAX = 128 * 1024
/** Below this no file can make an archive look like a bomb: its headers weigh against it. */
const RATIO_FLOOR_BYTES = 16 * 1024

export function methodFor(name: string): number {
  const dot = name.lastIndexOf('.')
  const isStored = dot >= 0 && STORED_EXTENSIONS.has(name.slice(dot + 1).toLowerCase())
  return isStored ? ZIP.stored : ZIP.deflated
}

/** Read from a large file at so many places to see whether deflating it is worth its time. */
const SAMPLES = 3
const SAMPLE_BYTES = 64 * 1024
/** Noise, media and encrypted files do not get below this, whatever their names end with. */
const WORTH_RATIO = 0.97

export function methodForLarge(name: string, fd: number, bytes: number): number {
  if (methodFor(name) === ZIP.stored) return ZIP.stored
  const sample = Buffer.allocUnsafeSlow(SAMPLES * SAMPLE_BYTES)
  const step = Math.max(0, Math.floor((bytes - SAMPLE_BYTES) / (SAMPLES - 1)))
  let read = 0
  for (let index = 0; index < SAMPLES; index += 1) {
    read += readSync(fd, sample, read, SAMPLE_BYTES, index * step)
  }
  const deflated = deflateRawSync(sample.subarray(0, read), { level: 1, chunkSize: sample.length })
  const { length } = deflated
  for (const memory of [sample, deflated]) release(memory)
  return length > read * WORTH_RATIO ? ZIP.stored : ZIP.deflated
}

/**
 * A window no larger than the file: deflate clears its tables for each file, 256 KiB at full size,
 * which for small files costs more than the compression. Readers need not know.
 */
function deflateOptions(bytes: number) {
  const windowBits = Math.min(15, Math.max(9, Math.ceil(Math.log2(bytes + 1))))
  const chunkSize = Math.min(CHUNK_BYTES_MAX, Math.max(CHUNK_BYTES_MIN, bytes))
  return { level: LEVEL, windowBits, memLevel: Math.min(8, Math.max(2, windowBits - 7)), chunkSize }
}

/** Deflates a small file, or keeps it as it is where that is not smaller. */
export function compress(name: string, content: Buffer): { method: number; data: Buffer } {
  const stored = { method: ZIP.stored, data: content }
  if (content.length === 0 || methodFor(name) === ZIP.stored) return stored
  const options = deflateOptions(content.length)
  const data = deflateRawSync(content, options)
  if (data.length >= content.length) return stored
  const isSuspicious =
    content.length > RATIO_FLOOR_BYTES && content.length > data.length * RATIO_MAX
  if (!isSuspicious) return { method: ZIP.deflated, data }
  const plain = deflateRawSync(content, { ...options, strategy: PLAIN_STRATEGY })
  return { method: ZIP.deflated, data: plain }
}
