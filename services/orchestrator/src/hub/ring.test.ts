import { describe, expect, it } from '@jest/globals'
import type { Entry } from './entry.ts'
import { Ring } from './ring.ts'

const entry = (streamSeq: number, bytes = 10): Entry => ({
  streamSeq,
  bootId: 'boot',
  seq: streamSeq / 10,
  json: 'x'.repeat(bytes),
  bytes,
  isUrgent: false,
  hole: null,
})

/** Places rise in tens: the stream holds other sessions' messages in between. */
function filled(count: number, limits = { itemsMax: 5, bytesMax: 1_000 }): Ring {
  const ring = new Ring(limits)
  for (let at = 1; at <= count; at++) ring.push(entry(at * 10))
  return ring
}

const places = (entries: readonly Entry[]) => entries.map(({ streamSeq }) => streamSeq)

describe('the ring', () => {
  it('keeps the newest and knows from where on it has everything', () => {
    const ring = filled(8)
    expect(ring.size).toBe(5)
    expect(ring.floor).toBe(30)
    expect(ring.covers(29)).toBe(false)
    expect(ring.covers(30)).toBe(true)
    expect(places(ring.after(30, 100))).toEqual([40, 50, 60, 70, 80])
  })

  it('gives what follows any place, also one between two entries', () => {
    const ring = filled(8)
    expect(places(ring.after(55, 2))).toEqual([60, 70])
    expect(places(ring.after(80, 10))).toEqual([])
    expect(places(filled(3).after(0, 10))).toEqual([10, 20, 30])
  })

  it('finds an item by its stamp until it is dropped', () => {
    const ring = filled(8)
    expect(ring.find('boot', 5)?.streamSeq).toBe(50)
    expect(ring.find('boot', 3)).toBeUndefined()
    expect(ring.find('other', 5)).toBeUndefined()
  })

  it('is bounded by bytes and always keeps the last entry', () => {
    const ring = new Ring({ itemsMax: 100, bytesMax: 50 })
    for (let at = 1; at <= 10; at++) ring.push(entry(at * 10, 20))
    expect(ring.bytes).toBeLessThanOrEqual(50)
    ring.push(entry(110, 500))
    expect(places(ring.after(0, 10))).toEqual([110])
    expect(ring.floor).toBe(100)
  })

  it('stays right over many rounds', () => {
    const ring = filled(1_003)
    expect(places(ring.after(ring.floor, 100))).toEqual([9_990, 10_000, 10_010, 10_020, 10_030])
  })
})
