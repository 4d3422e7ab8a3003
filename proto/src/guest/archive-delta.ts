/**
 * An archive told as what is new in it: the body of a pack whose asker still has the last archive.
 *
 *   0x00  u32 length, so many bytes                   these bytes come next
 *   0x01  u64 offset, u64 length, u32 crc             so many bytes of the last archive come next
 *
 * All numbers are little endian. The CRC-32 is of the bytes copied: a disk may give back others.
 */
export interface Span {
  /** In the last archive. */
  readonly offset: number
  readonly bytes: number
  readonly crc: number
}

export type DeltaPart =
  | { readonly kind: 'literal'; readonly data: Uint8Array }
  | { readonly kind: 'copy'; readonly span: Span }

const KIND = { literal: 0, copy: 1 } as const
const LITERAL_HEAD_BYTES = 5
export const COPY_BYTES = 21

/** Stands before so many bytes that come next. */
export function literalHead(bytes: number): Uint8Array {
  const head = new Uint8Array(LITERAL_HEAD_BYTES)
  const view = new DataView(head.buffer)
  view.setUint8(0, KIND.literal)
  view.setUint32(1, bytes, true)
  return head
}

export function copyPart(span: Span): Uint8Array {
  const part = new Uint8Array(COPY_BYTES)
  writeCopy(part, 0, span)
  return part
}

/** Writes a copy's `COPY_BYTES` where there is room for them: there are as many as files. */
export function writeCopy(target: Uint8Array, at: number, { offset, bytes, crc }: Span): void {
  const view = viewOf(target)
  view.setUint8(at, KIND.copy)
  view.setBigUint64(at + 1, BigInt(offset), true)
  view.setBigUint64(at + 9, BigInt(bytes), true)
  view.setUint32(at + 17, crc, true)
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/**
 * Takes the stream in pieces of any size and gives out its parts, literals in the pieces they came
 * in. What is no such stream throws; `finish` throws when it stopped in the middle of a part.
 */
export class DeltaReader {
  #head: Uint8Array = new Uint8Array(0)
  #literalLeft = 0

  finish(): void {
    if (this.#head.length > 0 || this.#literalLeft > 0) throw new Error('it ends in a part')
  }

  *read(chunk: Uint8Array): Generator<DeltaPart> {
    const rest = this.#head.length > 0 ? joined(this.#head, chunk) : chunk
    const view = viewOf(rest)
    let at = 0
    while (at < rest.length) {
      if (this.#literalLeft > 0) {
        const data = rest.subarray(at, at + this.#literalLeft)
        this.#literalLeft -= data.length
        at += data.length
        yield { kind: 'literal', data }
        continue
      }
      const kind = view.getUint8(at)
      const headBytes = headBytesOf(kind)
      if (rest.length - at < headBytes) break
      if (kind === KIND.literal) this.#literalLeft = view.getUint32(at + 1, true)
      else yield { kind: 'copy', span: spanAt(view, at) }
      at += headBytes
    }
    // A copy: the caller may use the memory of its chunk again.
    this.#head = rest.slice(at)
  }
}

function headBytesOf(kind: number): number {
  if (kind === KIND.literal) return LITERAL_HEAD_BYTES
  if (kind === KIND.copy) return COPY_BYTES
  throw new Error(`it has a part of unknown kind ${kind}`)
}

function spanAt(view: DataView, at: number): Span {
  const offset = Number(view.getBigUint64(at + 1, true))
  const bytes = Number(view.getBigUint64(at + 9, true))
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(bytes)) {
    throw new Error('it copies from nowhere')
  }
  return { offset, bytes, crc: view.getUint32(at + 17, true) }
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const both = new Uint8Array(one.length + other.length)
  both.set(one)
  both.set(other, one.length)
  return both
}
