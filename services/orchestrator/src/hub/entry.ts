import { URGENT_EVENTS } from '@vessel/proto/events/lifecycle'
import type { StreamItem } from './ports.ts'
import type { Hole } from './sequencer.ts'

/** Where a reader stands: the place in the stream, and the item it was given last. */
export interface Place {
  readonly streamSeq: number
  readonly seen: { readonly bootId: string; readonly seq: number } | null
}

export function placeOf({ streamSeq, bootId, seq }: Entry): Place {
  return { streamSeq, seen: { bootId, seq } }
}

/** One item of a session's log, written out once for all its readers. */
export interface Entry {
  readonly streamSeq: number
  readonly bootId: string
  readonly seq: number
  /** The item as JSON: frames are put together from these texts. */
  readonly json: string
  readonly bytes: number
  readonly isUrgent: boolean
  /** What is missing right before this item. */
  readonly hole: Hole | null
}

export function createEntry({ streamSeq, item }: StreamItem, hole: Hole | null): Entry {
  const json = JSON.stringify(item)
  return {
    streamSeq,
    bootId: item.bootId,
    seq: item.seq,
    json,
    bytes: Buffer.byteLength(json),
    isUrgent: item.kind === 'event' && URGENT_EVENTS.includes(item.event.type),
    hole,
  }
}
