import type { ServerResponse } from 'node:http'
import type { GuestMessage } from '@vessel/proto/guest/messages'
import { StreamReader } from './reader.ts'

/** More readers than a host has reason to open. */
const READERS_MAX = 16
/** Lines kept while nobody reads, e.g. while the host agent restarts. */
const UNREAD_MAX = 1_000
const TEXT_MAX = 4_096

type LogMessage = Extract<GuestMessage, { type: 'log' }>

export interface StreamHubDeps {
  readonly now: () => Date
  /** The first line of every stream. */
  readonly identify: () => GuestMessage
}

/** Everything the guest tells its host goes through here, to any number of readers. */
export class StreamHub {
  readonly #deps: StreamHubDeps
  readonly #readers = new Set<StreamReader>()
  /** The newest of each measurement, so that a new reader need not wait for the next round. */
  readonly #latest = new Map<GuestMessage['type'], string>()
  #unread: string[] = []
  #unreadDropped = 0

  constructor(deps: StreamHubDeps) {
    this.#deps = deps
  }

  get hasRoom(): boolean {
    return this.#readers.size < READERS_MAX
  }

  publish(message: GuestMessage): void {
    const line = toLine(message)
    for (const reader of this.#readers) reader.send(line)
    // Log lines and activity are said once, so they wait; numbers are measured again soon.
    const isSaidOnce = message.type === 'log' || message.type === 'activity'
    if (!isSaidOnce) this.#latest.set(message.type, line)
    if (this.#readers.size > 0 || !isSaidOnce) return
    this.#unread.push(line)
    if (this.#unread.length <= UNREAD_MAX) return
    this.#unread.shift()
    this.#unreadDropped += 1
  }

  log(source: LogMessage['source'], level: LogMessage['level'], text: string): void {
    this.publish({
      ...{ type: 'log', source, level, text: text.slice(0, TEXT_MAX) },
      timestamp: this.#deps.now().toISOString(),
    })
  }

  /** Identification first, then the newest numbers, what nobody read yet, and all as it comes. */
  attach(response: ServerResponse): void {
    const reader = new StreamReader(response, this.#deps.now)
    response.once('close', () => this.#readers.delete(reader))
    reader.send(toLine(this.#deps.identify()))
    for (const line of this.#latest.values()) reader.send(line)
    this.#readers.add(reader)
    const unread = this.#unread
    const dropped = this.#unreadDropped
    this.#unread = []
    this.#unreadDropped = 0
    if (dropped > 0) this.log('guest', 'warn', `${dropped} lines dropped: nobody was reading`)
    for (const line of unread) reader.send(line)
  }

  close(): void {
    for (const reader of this.#readers) reader.end()
  }
}

function toLine(message: GuestMessage): string {
  return `${JSON.stringify(message)}\n`
}
