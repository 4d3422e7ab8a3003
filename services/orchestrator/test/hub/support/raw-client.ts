import { type ClientFrame, clientFrame } from '@vessel/proto/browser/client-frames'
import { type ServerFrame, serverFrame } from '@vessel/proto/browser/server-frames'
import { WS_SUBPROTOCOL } from '@vessel/proto/version'
import { WebSocket } from 'ws'
import { ORIGIN } from './hub-stack.ts'
import { until } from './until.ts'

type FrameOf<T extends ServerFrame['type']> = Extract<ServerFrame, { type: T }>

export interface RawClientOptions {
  readonly origin?: string | null
  readonly protocol?: string
}

/** A plain `ws` client that keeps every frame it was sent, each checked against its schema. */
export class RawClient {
  readonly frames: ServerFrame[] = []
  readonly socket: WebSocket
  closeCode: number | null = null
  httpStatus: number | null = null

  constructor(url: string, options: RawClientOptions = {}) {
    const origin = options.origin === undefined ? ORIGIN : options.origin
    this.socket = new WebSocket(url, options.protocol ?? WS_SUBPROTOCOL, {
      ...(origin === null ? {} : { origin }),
    })
    this.socket.on('message', (data) => {
      this.frames.push(serverFrame.parse(JSON.parse(String(data))))
    })
    this.socket.on('close', (code) => {
      this.closeCode = code
    })
    this.socket.on('unexpected-response', (_request, response) => {
      this.httpStatus = response.statusCode ?? 0
      this.closeCode = 1006
      response.resume()
    })
    this.socket.on('error', () => undefined)
  }

  async opened(): Promise<this> {
    await until(() => this.socket.readyState !== WebSocket.CONNECTING || this.httpStatus !== null, {
      what: 'the socket is open',
    })
    return this
  }

  async login(token: string): Promise<this> {
    await this.opened()
    this.send({ type: 'auth', token })
    await this.waitFor('hello')
    return this
  }

  send(frame: ClientFrame): void {
    this.socket.send(JSON.stringify(clientFrame.parse(frame)))
  }

  all<T extends ServerFrame['type']>(type: T): FrameOf<T>[] {
    return this.frames.filter((frame): frame is FrameOf<T> => frame.type === type)
  }

  async waitFor<T extends ServerFrame['type']>(type: T, count = 1): Promise<FrameOf<T>> {
    const isThere = () => this.all(type).length >= count || this.closeCode !== null
    await until(isThere, { what: `${count} × ${type}` })
    const frame = this.all(type)[count - 1]
    if (!frame) throw new Error(`closed with ${this.closeCode} before ${type}`)
    return frame
  }

  async waitForClose(): Promise<number> {
    await until(() => this.closeCode !== null, { what: 'the socket is closed' })
    return this.closeCode ?? 0
  }

  /** What a reader of the feed saw, in order: `boot:seq`, or `gap:from-to`. */
  story(topic: string): string[] {
    return this.frames.flatMap((frame) => {
      if (frame.type === 'gap' && frame.topic === topic) return [`gap:${frame.from}-${frame.to}`]
      if (frame.type !== 'events' || frame.topic !== topic) return []
      return frame.items.flatMap((item) =>
        'seq' in item ? [`${item.bootId.slice(0, 4)}:${item.seq}`] : [],
      )
    })
  }

  seqs(topic: string): number[] {
    return this.frames.flatMap((frame) => {
      if (frame.type !== 'events' || frame.topic !== topic) return []
      return frame.items.flatMap((item) => ('seq' in item ? [item.seq] : []))
    })
  }

  /** As a cut cable: no close frame. */
  cut(): void {
    this.socket.terminate()
  }
}
