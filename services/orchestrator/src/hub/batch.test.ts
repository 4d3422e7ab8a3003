import { describe, expect, it } from '@jest/globals'
import { FakeClock } from '../../test/hub/support/fake-clock.ts'
import { Batch } from './batch.ts'

function createBatch() {
  const clock = new FakeClock()
  const flushes: number[] = []
  let gathered = 0
  const limits = { batchItemsMax: 10, batchMs: 100, batchBytesMax: 16_384 }
  const batch = new Batch({
    clock,
    limits,
    flush: () => {
      flushes.push(gathered)
      gathered = 0
    },
  })
  const add = (bytes: number, isUrgent = false) => {
    gathered += 1
    batch.add(bytes, isUrgent)
  }
  return { clock, flushes, batch, add }
}

describe('a batch', () => {
  it('is sent after 100 ms when nothing else happens', () => {
    const { clock, flushes, add } = createBatch()
    add(10)
    clock.advance(60)
    add(10)
    clock.advance(39)
    expect(flushes).toEqual([])
    clock.advance(1)
    expect(flushes).toEqual([2])
    expect(clock.waiting).toBe(0)
  })

  it('is sent with its tenth item, and the clock starts anew', () => {
    const { clock, flushes, add } = createBatch()
    for (let at = 0; at < 11; at++) add(10)
    expect(flushes).toEqual([10])
    clock.advance(100)
    expect(flushes).toEqual([10, 1])
  })

  it('is sent when it has 16 KiB', () => {
    const { flushes, add } = createBatch()
    add(16_000)
    add(400)
    expect(flushes).toEqual([2])
  })

  it('goes at once with an urgent item, and takes along what came before it', () => {
    const { clock, flushes, add } = createBatch()
    add(10)
    add(10)
    add(10, true)
    expect(flushes).toEqual([3])
    clock.advance(1_000)
    expect(flushes).toEqual([3])
  })

  it('is forgotten when dropped', () => {
    const { clock, flushes, batch, add } = createBatch()
    add(10)
    batch.drop()
    clock.advance(1_000)
    expect(flushes).toEqual([])
  })
})
