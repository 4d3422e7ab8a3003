import { describe, expect, it } from '@jest/globals'
import { type Batch, batchesOf, SMALL_BYTES } from './batches.ts'

const RULES = { bytesOf: (bytes: number) => bytes, bytesMax: 100 }
const LARGE = SMALL_BYTES + 1
const shown = (batch: Batch<number>) => (batch.kind === 'small' ? batch.items : 'large')

describe('batches', () => {
  it('end with the item that fills them', () => {
    expect([...batchesOf([40, 50, 60, 10], RULES)].map(shown)).toEqual([[40, 50, 60], [10]])
  })

  it('keep the order around a large item, which is alone', () => {
    const batches = [...batchesOf([1, LARGE, LARGE, 2], RULES)].map(shown)
    expect(batches).toEqual([[1], 'large', 'large', [2]])
  })

  it('are never of more items than are asked for at once, however small these are', () => {
    const batches = [
      ...batchesOf(
        Array.from({ length: 300 }, () => 0),
        RULES,
      ),
    ]
    expect(batches.map((batch) => batch.kind === 'small' && batch.items.length)).toEqual([
      128, 128, 44,
    ])
  })

  it('are none of nothing', () => {
    expect([...batchesOf([], RULES)]).toEqual([])
  })
})
