import { systemClock } from '@vessel/dashboard/live/browser.ts'
import { createSocket } from '@vessel/dashboard/live/socket.ts'
import type { LiveSocket, RawSocket } from '@vessel/dashboard/live/types.ts'
import type { Position } from '@vessel/proto/stamp'
import { WebSocket } from 'ws'

export interface ReaderPlace {
  /** Base addresses of the orchestrators; each attempt goes to one of them. */
  readonly orchestrators: readonly string[]
  readonly origin: string
  readonly token: string
  readonly random: () => number
}

/** What a browser was given of a session's feed: `boot:seq`, and `gap from-to` for holes told. */
export interface Story {
  readonly lines: readonly string[]
  /** The newest item of the stream when the subscription was last accepted. */
  readonly head: Position | null
  /** How far it was read. */
  readonly position: Position | null
}

interface Held {
  lines: string[]
  head: Position | null
  isAccepted: boolean
}

/** The dashboard's own client, reading feeds as a browser does, cuts and all. */
export class FeedReader {
  readonly #socket: LiveSocket
  readonly #held = new Map<string, Held>()

  constructor({ orchestrators, origin, token, random }: ReaderPlace) {
    this.#socket = createSocket({
      url: 'ws://one-of-them',
      getToken: async () => token,
      clock: systemClock,
      random,
      connect: (_url, protocol) => {
        const base = orchestrators[Math.floor(random() * orchestrators.length)] ?? ''
        const url = new URL('/ws', base.replace(/^http/, 'ws'))
        const raw = new WebSocket(url, protocol, { origin })
        // The close that follows says the same.
        raw.on('error', () => undefined)
        return raw as unknown as RawSocket
      },
    })
  }

  get sessions(): string[] {
    return [...this.#held.keys()]
  }

  /** How much was shown, so that nobody takes silence for agreement. */
  get lineCount(): number {
    return [...this.#held.values()].reduce((sum, { lines }) => sum + lines.length, 0)
  }

  watch(session: string): void {
    if (this.#held.has(session)) return
    const held: Held = { lines: [], head: null, isAccepted: false }
    this.#held.set(session, held)
    this.#socket.subscribe(topicOf(session), {
      onItems: (items) => {
        for (const item of items) {
          if ('seq' in item) held.lines.push(`${item.bootId}:${item.seq}`)
        }
      },
      onGap: ({ bootId, from, to }) => held.lines.push(`${bootId}:gap ${from}-${to}`),
      onReset: () => {
        held.lines = []
      },
      onSubscribed: ({ head }) => {
        held.head = head
        held.isAccepted = true
      },
    })
  }

  /** Null: never let in. */
  storyOf(session: string): Story | null {
    const held = this.#held.get(session)
    if (!held?.isAccepted) return null
    const position = this.#socket.position(topicOf(session))
    return { lines: held.lines, head: held.head, position }
  }

  close(): void {
    this.#socket.close()
  }
}

const topicOf = (session: string) => `session:${session}`
