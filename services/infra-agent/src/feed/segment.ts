import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  truncateSync,
  writeSync,
} from 'node:fs'

/** One file of a spool: items as lines, `firstSeq` in its name. */
export interface Segment {
  readonly file: string
  readonly firstSeq: number
  /** Where each item begins, and after them where the next one will. */
  readonly offsets: number[]
  fd: number
}

const NEWLINE = 0x0a

/** Opens or makes a segment. A torn last line, left by a crash, is cut off: it was never sent. */
export function openSegment(file: string, firstSeq: number): Segment {
  const fd = openSync(file, 'a+', 0o600)
  const { size } = fstatSync(fd)
  const bytes = Buffer.alloc(size)
  let filled = 0
  while (filled < size) {
    const count = readSync(fd, bytes, filled, size - filled, filled)
    if (count === 0) break
    filled += count
  }
  const offsets = [0]
  for (let at = 0; at < filled; at += 1) if (bytes[at] === NEWLINE) offsets.push(at + 1)
  const end = offsets.at(-1) ?? 0
  if (end < size) truncateSync(file, end)
  return { file, firstSeq, offsets, fd }
}

export const segmentCount = (segment: Segment): number => segment.offsets.length - 1
export const segmentBytes = (segment: Segment): number => segment.offsets.at(-1) ?? 0
export const segmentLastSeq = (segment: Segment): number =>
  segment.firstSeq + segmentCount(segment) - 1

export function appendToSegment(segment: Segment, text: string): void {
  const bytes = Buffer.from(`${text}\n`)
  const end = segmentBytes(segment)
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(segment.fd, bytes, done)
  } catch (thrown) {
    // A full disk takes half a line: the next one must not begin in the middle of it.
    ftruncateSync(segment.fd, end)
    throw thrown
  }
  segment.offsets.push(end + bytes.length)
}

export function readFromSegment(segment: Segment, seq: number): string {
  const index = seq - segment.firstSeq
  const from = segment.offsets[index]
  const to = segment.offsets[index + 1]
  if (from === undefined || to === undefined) throw new Error(`no item ${seq} in this segment`)
  const bytes = Buffer.alloc(to - from - 1)
  readSync(segment.fd, bytes, 0, bytes.length, from)
  return bytes.toString('utf8')
}

export function syncSegment(segment: Segment): void {
  fsyncSync(segment.fd)
}

export function closeSegment(segment: Segment): void {
  closeSync(segment.fd)
}
