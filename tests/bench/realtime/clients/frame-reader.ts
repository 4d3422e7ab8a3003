/** One event as it came off the wire. */
export interface Received {
  readonly seq: number
  /** When it was due to be sent, by the steady clock. */
  readonly dueUs: number
  readonly isUrgent: boolean
}

interface FeedItem {
  readonly kind: string
  readonly seq: number
  readonly text?: string
  readonly event?: { readonly durationMs: number }
}

export interface FeedBody {
  readonly items: readonly FeedItem[]
}

/** A thousand clients are sent the same few frames; each is parsed once per process. */
const REMEMBERED = 64

/**
 * What is in a frame, for clients that must cost little: on a small machine the load generator's
 * own parsing would be all that is measured. Every client still looks at every number.
 */
export class FrameReader {
  readonly #known: { readonly data: Buffer; readonly items: readonly Received[] }[] = []
  #next = 0

  read(data: Buffer): readonly Received[] {
    for (let back = 1; back <= this.#known.length; back += 1) {
      const known = this.#known[(this.#next - back + REMEMBERED) % REMEMBERED]
      if (known?.data.equals(data)) return known.items
    }
    const items = parse(data.toString())
    // A copy: what `ws` hands over is a view into a bigger buffer that it would keep alive.
    this.#known[this.#next] = { data: Buffer.from(data), items }
    this.#next = (this.#next + 1) % REMEMBERED
    return items
  }
}

/** Both spellings: `{"type":"events","items":[…]}` and Engine.IO's `42["events",{"items":[…]}]`. */
function parse(text: string): readonly Received[] {
  const isEngineIo = text.startsWith('42')
  const value = JSON.parse(isEngineIo ? text.slice(2) : text) as unknown
  return receivedOf((isEngineIo ? (value as unknown[])[1] : value) as FeedBody)
}

export function receivedOf({ items }: FeedBody): readonly Received[] {
  return items.flatMap((item): Received[] => {
    if (item.kind === 'line') {
      return [{ seq: item.seq, dueUs: Number.parseInt(item.text ?? '', 10), isUrgent: false }]
    }
    if (item.kind === 'event') {
      return [{ seq: item.seq, dueUs: item.event?.durationMs ?? 0, isUrgent: true }]
    }
    return []
  })
}
