import { describe, expect, it } from '@jest/globals'
import { encodeEntries, encodeItems } from './frames.ts'

const BOOT = 'c0a80101-0000-4000-8000-000000000001'
const part = (seq: number, hole: { from: number; to: number } | null = null) => {
  const json = JSON.stringify({ seq })
  return { json, bytes: json.length, hole, bootId: BOOT }
}
const read = (frames: ReturnType<typeof encodeEntries>) =>
  frames.map(({ wire }) => JSON.parse(wire.subarray(wire.indexOf('{')).toString()))

describe('frames', () => {
  it('hold entries in order, split at holes and at the bounds', () => {
    const parts = [part(1), part(4, { from: 2, to: 3 }), part(5), part(6)]
    const frames = encodeEntries('session:x', parts, { itemsMax: 2, bytesMax: 1_000 })
    expect(read(frames)).toEqual([
      { type: 'events', topic: 'session:x', items: [{ seq: 1 }] },
      { type: 'gap', topic: 'session:x', bootId: BOOT, from: 2, to: 3 },
      { type: 'events', topic: 'session:x', items: [{ seq: 4 }, { seq: 5 }] },
      { type: 'events', topic: 'session:x', items: [{ seq: 6 }] },
    ])
    expect(frames.map(({ items }) => items)).toEqual([1, 0, 2, 1])
  })

  it('are cut by bytes, with at least one entry in each', () => {
    const frames = encodeEntries('t', [part(1), part(2), part(3)], { itemsMax: 9, bytesMax: 1 })
    expect(frames).toHaveLength(3)
  })

  it('say so when there is nothing', () => {
    expect(read(encodeItems('admin', [], { itemsMax: 1, bytesMax: 1 }))).toEqual([
      { type: 'events', topic: 'admin', items: [] },
    ])
  })
})
