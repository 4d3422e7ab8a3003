import { describe, expect, it } from '@jest/globals'
import { copyPart, DeltaReader, literalHead, type Span } from '@vessel/proto/guest/archive-delta'

const SPAN: Span = { offset: 5_000_000_000, bytes: 70_000, crc: 0xfedcba98 }
const TEXT = new TextEncoder().encode('what is new')
const STREAM = Buffer.concat([
  ...[literalHead(TEXT.length), TEXT],
  ...[copyPart(SPAN), copyPart({ ...SPAN, offset: 0 })],
  literalHead(0),
  ...[literalHead(TEXT.length), TEXT],
])

/** The parts, literals that follow each other joined: in how many pieces they come is open. */
function readIn(pieces: readonly Uint8Array[]): (Span | string)[] {
  const reader = new DeltaReader()
  const found: (Span | string)[] = []
  for (const piece of pieces) {
    for (const part of reader.read(piece)) {
      if (part.kind === 'copy') found.push(part.span)
      else {
        const text = Buffer.from(part.data).toString()
        const last = found.at(-1)
        if (typeof last === 'string') found[found.length - 1] = last + text
        else found.push(text)
      }
    }
  }
  reader.finish()
  return found
}

const EXPECTED = ['what is new', SPAN, { ...SPAN, offset: 0 }, 'what is new']

describe('an archive told as what is new in it', () => {
  it('is read as it was written, in one piece', () => {
    expect(readIn([STREAM])).toEqual(EXPECTED)
  })

  it.each([1, 2, 3, 7, 20])('is read the same when it comes %i bytes at a time', (bytes) => {
    const pieces: Buffer[] = []
    for (let at = 0; at < STREAM.length; at += bytes) pieces.push(STREAM.subarray(at, at + bytes))
    expect(readIn(pieces)).toEqual(EXPECTED)
  })

  it.each([1, 3, 8, STREAM.length - 2])('is refused when it stops after %i bytes', (bytes) => {
    expect(() => readIn([STREAM.subarray(0, bytes)])).toThrow('ends in a part')
  })

  it('is refused with a part nobody knows', () => {
    expect(() => readIn([Buffer.from([7, 0, 0, 0, 0])])).toThrow('unknown kind 7')
  })

  it('is refused when it copies from beyond every file', () => {
    const far = Buffer.from(copyPart(SPAN))
    far.fill(0xff, 1, 9)
    expect(() => readIn([far])).toThrow('copies from nowhere')
  })
})
