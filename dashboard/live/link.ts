import type { ClientFrame } from '@vessel/proto/browser/client-frames'
import { type ServerFrame, serverFrame } from '@vessel/proto/browser/server-frames'
import { WS_SUBPROTOCOL } from '@vessel/proto/version'
import type { Clock, RawSocket } from './types.ts'

export interface LinkDeps {
  readonly connect: (url: string, protocol: string) => RawSocket
  readonly clock: Clock
  readonly url: string
  readonly token: string
  readonly onFrame: (frame: ServerFrame) => void
  /** Called exactly once, with the close code. Nothing of this link is heard afterwards. */
  readonly onDown: (code: number) => void
}

/** From the handshake to `hello`. */
const HELLO_WITHIN_MS = 15_000
const NORMAL = 1000
/** What a browser reports of a connection that ended without a close frame. */
const ABNORMAL = 1006

/** One physical connection, from the attempt to its end. */
export class Link {
  readonly #deps: LinkDeps
  readonly #socket: RawSocket
  readonly #helloTimer: unknown
  #isDown = false

  constructor(deps: LinkDeps) {
    this.#deps = deps
    this.#helloTimer = deps.clock.setTimer(() => this.drop(ABNORMAL), HELLO_WITHIN_MS)
    this.#socket = deps.connect(deps.url, WS_SUBPROTOCOL)
    this.#socket.onopen = () => this.send({ type: 'auth', token: deps.token })
    this.#socket.onmessage = ({ data }) => this.#onMessage(data)
    this.#socket.onclose = ({ code }) => this.#down(code)
    // A close event always follows, and it has the code.
    this.#socket.onerror = () => undefined
  }

  send(frame: ClientFrame): void {
    if (!this.#isDown) this.#socket.send(JSON.stringify(frame))
  }

  /** Ends it without waiting for the other side, which may be long gone. */
  drop(code: number): void {
    if (this.#isDown) return
    this.#socket.close(NORMAL)
    this.#down(code)
  }

  #onMessage(data: unknown): void {
    if (this.#isDown || typeof data !== 'string') return
    const frame = parseFrame(data)
    // A frame of a newer server: what it adds cannot be understood, what is known still works.
    if (!frame) return
    if (frame.type === 'hello') this.#deps.clock.clearTimer(this.#helloTimer)
    this.#deps.onFrame(frame)
  }

  #down(code: number): void {
    if (this.#isDown) return
    this.#isDown = true
    this.#deps.clock.clearTimer(this.#helloTimer)
    this.#deps.onDown(code)
  }
}

function parseFrame(data: string): ServerFrame | null {
  try {
    const parsed = serverFrame.safeParse(JSON.parse(data))
    return parsed.success ? parsed.data : null
  } catch {
    // Not JSON: nothing of ours.
    return null
  }
}
