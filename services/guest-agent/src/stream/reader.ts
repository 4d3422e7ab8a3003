import type { ServerResponse } from 'node:http'
import type { GuestMessage } from '@vessel/proto/guest/messages'

/** About a minute of everything for a reader that has stopped reading. */
const LINES_MAX = 2_000
const BYTES_MAX = 1024 * 1024

/**
 * One reader of the stream. Never more than a bounded queue waits for it: the oldest lines go, and
 * it is told how many, because a gap that is not shown is a lie.
 */
export class StreamReader {
  readonly #response: ServerResponse
  readonly #now: () => Date
  #lines: string[] = []
  #bytes = 0
  #linesDropped = 0
  #isBlocked = false

  constructor(response: ServerResponse, now: () => Date) {
    this.#response = response
    this.#now = now
    response.on('drain', () => {
      this.#isBlocked = false
      this.#pump()
    })
  }

  send(line: string): void {
    this.#lines.push(line)
    this.#bytes += line.length
    while (this.#lines.length > LINES_MAX || this.#bytes > BYTES_MAX) {
      this.#bytes -= (this.#lines.shift() as string).length
      this.#linesDropped += 1
    }
    this.#pump()
  }

  end(): void {
    this.#response.end()
  }

  #pump(): void {
    while (!this.#isBlocked && this.#lines.length > 0) {
      const line = this.#linesDropped > 0 ? this.#takeNotice() : (this.#lines.shift() as string)
      if (this.#linesDropped === 0) this.#bytes = Math.max(0, this.#bytes - line.length)
      this.#isBlocked = !this.#response.write(line)
    }
  }

  #takeNotice(): string {
    const notice: GuestMessage = {
      type: 'log',
      timestamp: this.#now().toISOString(),
      source: 'guest',
      level: 'warn',
      text: `${this.#linesDropped} lines dropped: the reader was too slow`,
    }
    this.#linesDropped = 0
    return `${JSON.stringify(notice)}\n`
  }
}
