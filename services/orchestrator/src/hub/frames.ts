import type { ServerFrame } from '@vessel/proto/browser/server-frames'
import type { TopicItem } from '@vessel/proto/browser/topic-items'
import type { Entry } from './entry.ts'
import type { Hole } from './sequencer.ts'
import { encodeText, type Wire } from './wire.ts'

export function encodeFrame(frame: ServerFrame): Wire {
  return encodeText(JSON.stringify(frame))
}

export function encodeGap(topic: string, bootId: string, hole: Hole): Wire {
  return encodeText(JSON.stringify({ type: 'gap', topic, bootId, ...hole }))
}

/** Puts an `events` frame together from items that are JSON already. */
export function encodeEvents(topic: string, items: readonly string[]): Wire {
  const head = `{"type":"events","topic":${JSON.stringify(topic)},"items":[`
  return encodeText(`${head}${items.join(',')}]}`)
}

export interface FrameBounds {
  readonly itemsMax: number
  readonly bytesMax: number
}

/** What is written at once, and what is in it, for the counters. */
export interface CountedFrame {
  readonly wire: Wire
  readonly items: number
  readonly frames: number
  readonly gaps: number
}

/** Frames that are due together, as one write: each costs as much as the text of forty lines. */
export function joinFrames(frames: readonly CountedFrame[]): CountedFrame[] {
  if (frames.length < 2) return [...frames]
  const sum = (of: (frame: CountedFrame) => number) =>
    frames.reduce((all, frame) => all + of(frame), 0)
  return [
    {
      wire: Buffer.concat(frames.map(({ wire }) => wire)) as Wire,
      items: sum(({ items }) => items),
      frames: sum(({ frames: some }) => some),
      gaps: sum(({ gaps }) => gaps),
    },
  ]
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
    if (items.length > 0) {
      frames.push({ wire: encodeEvents(topic, items), items: items.length, frames: 1, gaps: 0 })
    }
    items = []
    bytes = 0
  }
  for (const entry of entries) {
    const isFull = items.length >= bounds.itemsMax || bytes + entry.bytes > bounds.bytesMax
    if (isFull || entry.hole) cut()
    if (entry.hole) {
      frames.push({
        wire: encodeGap(topic, entry.bootId, entry.hole),
        items: 0,
        frames: 1,
        gaps: 1,
      })
    }
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
  if (items.length === 0) return [{ wire: encodeEvents(topic, []), items: 0, frames: 1, gaps: 0 }]
  const entries = items.map((item) => {
    const json = JSON.stringify(item)
    return { json, bytes: Buffer.byteLength(json), hole: null, bootId: '' }
  })
  return encodeEntries(topic, entries, bounds)
}
