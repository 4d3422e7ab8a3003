import { type ClientFrame, clientFrame } from '@vessel/proto/browser/client-frames'
import { type ServerFrame, serverFrame } from '@vessel/proto/browser/server-frames'
import type { RawSocket } from '../types.ts'

const USER = '00000000-0000-4000-8000-000000000001'

/** One connection as the server sees it; frames in both directions are checked by their schema. */
export class FakeConnection implements RawSocket {
  readyState = 0
  onopen: (() => void) | null = null
  onmessage: ((event: { data: unknown }) => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null
  onerror: (() => void) | null = null
  readonly received: ClientFrame[] = []
  isClosedByClient = false
  answersPings = true

  send(data: string): void {
    const frame = clientFrame.parse(JSON.parse(data))
    this.received.push(frame)
    if (frame.type === 'ping' && this.answersPings) this.tell({ ...frame, type: 'pong' })
  }

  close(): void {
    this.isClosedByClient = true
    this.readyState = 3
  }

  open(): void {
    this.readyState = 1
    this.onopen?.()
  }

  hello(tokenExpiresInMs = 3_600_000): void {
    this.tell({
      type: 'hello',
      protocolVersion: 1,
      connectionId: USER,
      userId: USER as never,
      isAdmin: false,
      heartbeatMs: 30_000,
      tokenExpiresInMs,
    })
  }

  tell(frame: ServerFrame): void {
    this.onmessage?.({ data: JSON.stringify(serverFrame.parse(frame)) })
  }

  cut(code = 1006): void {
    this.readyState = 3
    this.onclose?.({ code })
  }

  all<T extends ClientFrame['type']>(type: T): Extract<ClientFrame, { type: T }>[] {
    return this.received.filter(
      (frame): frame is Extract<ClientFrame, { type: T }> => frame.type === type,
    )
  }

  /** Says yes to the newest question for a topic. */
  ok(topic: string, recovered: boolean): void {
    const asked = this.all('sub').findLast((frame) => frame.topic === topic)
    this.tell({ type: 'ok', id: asked?.id ?? 0, topic, recovered, head: null })
  }
}

export class FakeServer {
  readonly connections: FakeConnection[] = []

  readonly connect = (): RawSocket => {
    const connection = new FakeConnection()
    this.connections.push(connection)
    return connection
  }

  get last(): FakeConnection {
    const last = this.connections.at(-1)
    if (!last) throw new Error('no connection was tried')
    return last
  }
}
