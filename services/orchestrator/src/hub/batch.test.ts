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
  it('is sent at once when it is the first for a while', () => {
    const { clock, flushes, add } = createBatch()
    add(10)
    expect(flushes).toEqual([1])
    clock.advance(100)
    add(10)
    expect(flushes).toEqual([1, 1])
    expect(clock.waiting).toBe(0)
  })

  it('is sent 100 ms after the one before it, whenever it was begun', () => {
    const { clock, flushes, add } = createBatch()
    add(10)
    clock.advance(60)
    add(10)
    add(10)
    clock.advance(39)
    expect(flushes).toEqual([1])
    clock.advance(1)
    expect(flushes).toEqual([1, 2])
    expect(clock.waiting).toBe(0)
  })

  it('is sent with its tenth item, and the clock starts anew', () => {
    const { clock, flushes, add } = createBatch()
    for (let at = 0; at < 12; at++) add(10)
    expect(flushes).toEqual([1, 10])
    clock.advance(99)
    expect(flushes).toEqual([1, 10])
    clock.advance(1)
    expect(flushes).toEqual([1, 10, 1])
  })

  it('is sent when it has 16 KiB', () => {
    const { flushes, add } = createBatch()
    add(10)
    add(16_000)
    add(400)
    expect(flushes).toEqual([1, 2])
  })

  it('goes at once with an urgent item, and takes along what came before it', () => {
    const { clock, flushes, add } = createBatch()
    add(10)
    add(10)
    add(10)
    add(10, true)
    expect(flushes).toEqual([1, 3])
    clock.advance(1_000)
    expect(flushes).toEqual([1, 3])
  })

  it('is forgotten when dropped', () => {
    const { clock, flushes, batch, add } = createBatch()
    add(10)
    add(10)
    batch.drop()
    clock.advance(1_000)
    expect(flushes).toEqual([1])
  })

  it('waits no longer when the clock of the machine is set back', () => {
    const { clock, flushes, add } = createBatch()
    add(10)
    clock.setBack(3_600_000)
    add(10)
    clock.advance(100)
    expect(flushes).toEqual([1, 1])
  })
})
