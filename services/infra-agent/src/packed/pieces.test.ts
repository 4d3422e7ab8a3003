import { describe, expect, it } from '@jest/globals'
import { bytesOf, Finder, Row } from './pieces.ts'

const PIECES = [
  { file: 'old', from: 100, bytes: 10 },
  { file: 'new', from: 0, bytes: 5 },
  { file: 'old', from: 115, bytes: 20 },
]

describe('a row of pieces', () => {
  it('lengthens its last piece with what goes on there', () => {
    const row = new Row()
    row.add({ file: 'a', from: 5, bytes: 5 })
    row.add({ file: 'a', from: 10, bytes: 1 })
    row.add({ file: 'b', from: 11, bytes: 0 })
    row.add({ file: 'a', from: 12, bytes: 1 })
    expect(row.pieces).toEqual([
      { file: 'a', from: 5, bytes: 6 },
      { file: 'a', from: 12, bytes: 1 },
    ])
    expect(row.bytes).toBe(7)
  })

  it('is found whole', () => {
    expect(new Finder(PIECES).find(0, 35)).toEqual(PIECES)
  })

  it('is found in parts that begin and end anywhere, in any order', () => {
    const bytes = PIECES.flatMap(({ file, from, bytes: length }) =>
      Array.from({ length }, (_, index) => `${file}${from + index}`),
    )
    const finder = new Finder(PIECES)
    for (let offset = 34; offset >= 0; offset -= 1) {
      for (let length = 1; offset + length <= 35; length += 1) {
        const found = finder
          .find(offset, length)
          .flatMap((piece) =>
            Array.from({ length: piece.bytes }, (_, index) => `${piece.file}${piece.from + index}`),
          )
        expect(found).toEqual(bytes.slice(offset, offset + length))
      }
    }
  })

  it('has nothing behind its end', () => {
    const finder = new Finder(PIECES)
    expect(bytesOf(finder.find(30, 100))).toBe(5)
    expect(finder.find(35, 1)).toEqual([])
  })
})
