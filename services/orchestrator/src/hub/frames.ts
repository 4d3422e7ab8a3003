import type { ServerFrame } from '@vessel/proto/browser/server-frames'
import type { TopicItem } from '@vessel/proto/browser/topic-items'
import type { Entry } from './entry.ts'
import type { Hole } from './sequencer.ts'

/** A frame ready for the wire. A buffer is shared by all its readers and never written to. */
export type Wire = Buffer

export function encodeFrame(frame: ServerFrame): Wire {
  return Buffer.from(JSON.stringify(frame))
}

export function encodeGap(topic: string, bootId: string, hole: Hole): Wire {
  return Buffer.from(JSON.stringify({ type: 'gap', topic, bootId, ...hole }))
}

/** Puts an `events` frame together from items that are JSON already. */
export function encodeEvents(topic: string, items: readonly string[]): Wire {
  return Buffer.from(
    `{"type":"events","topic":${JSON.stringify(topic)},"items":[${items.join(',')}]}`,
  )
}

export interface FrameBounds {
  readonly itemsMax: number
  readonly bytesMax: number
}

/** One frame and the items in it, for the counters. */
export interface CountedFrame {
  readonly wire: Wire
  readonly items: number
}

type Part = Pick<Entry, 'json' | 'bytes' | 'hole' | 'bootId'>

/** Entries as frames, in order: a hole splits, and so do the bounds. */
export function encodeEntries(
  topic: string,
  entries: readonly Part[],
  bounds: FrameBounds,
): CountedFrame[] {
  const frames: CountedFrame[] = []
  let items: string[] = []
  let bytes = 0

  const cut = () => {
    if (items.length > 0) frames.push({ wire: encodeEvents(topic, items), items: items.length })
    items = []
    bytes = 0
  }
  for (const entry of entries) {
    const isFull = items.length >= bounds.itemsMax || bytes + entry.bytes > bounds.bytesMax
    if (isFull || entry.hole) cut()
    if (entry.hole) frames.push({ wire: encodeGap(topic, entry.bootId, entry.hole), items: 0 })
    items.push(entry.json)
    bytes += entry.bytes
  }
  cut()
  return frames
}

/** State items as frames within the bounds: at least one, for "there is nothing" is news too. */
export function encodeItems(
  topic: string,
  items: readonly TopicItem[],
  bounds: FrameBounds,
): CountedFrame[] {
  if (items.length === 0) return [{ wire: encodeEvents(topic, []), items: 0 }]
  const entries = items.map((item) => {
    const json = JSON.stringify(item)
    return { json, bytes: Buffer.byteLength(json), hole: null, bootId: '' }
  })
  return encodeEntries(topic, entries, bounds)
}
