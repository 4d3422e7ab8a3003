import { ORIGIN } from '@vessel/orchestrator/testing/hub-stack'
import { WS_SUBPROTOCOL } from '@vessel/proto/version'
import { WebSocket } from 'ws'
import type { Stack } from '../servers/stacks.ts'

export interface Greeting {
  readonly token: string
  readonly topic: string
}

/** How a plain `ws` client logs in and subscribes at a stack: the same cost for each of them. */
export interface Dialect {
  open(url: string): WebSocket
  onOpen(socket: WebSocket, greeting: Greeting): void
  isEvents(data: Buffer): boolean
  /** Answers a control frame; true when the subscription stands. */
  onControl(socket: WebSocket, text: string, greeting: Greeting): boolean
}

const send = (socket: WebSocket, frame: object) => socket.send(JSON.stringify(frame))
const startsWith = (prefix: string) => {
  const wanted = Buffer.from(prefix)
  return (data: Buffer) => data.subarray(0, wanted.length).equals(wanted)
}

/** Of the hub, and of the raw relay, which was given the same frames. */
const frames: Dialect = {
  open: (url) => new WebSocket(url, WS_SUBPROTOCOL, { origin: ORIGIN, perMessageDeflate: false }),
  onOpen: (socket, { token }) => send(socket, { type: 'auth', token }),
  isEvents: startsWith('{"type":"events"'),
  onControl(socket, text, { topic }) {
    const { type } = JSON.parse(text) as { type: string }
    if (type === 'hello') send(socket, { type: 'sub', id: 1, topic })
    return type === 'ok'
  },
}

const engineIo: Dialect = {
  open: (url) =>
    new WebSocket(`${url}/socket.io/?EIO=4&transport=websocket`, { perMessageDeflate: false }),
  onOpen: () => undefined,
  isEvents: startsWith('42["events"'),
  onControl(socket, text, { token, topic }) {
    if (text === '2') socket.send('3')
    else if (text.startsWith('0')) socket.send(`40${JSON.stringify({ token })}`)
    else if (text.startsWith('40')) socket.send(`420${JSON.stringify(['sub', topic])}`)
    return text.startsWith('430')
  },
}

export const DIALECTS: Readonly<Record<Stack, Dialect>> = {
  vessel: frames,
  ws: frames,
  'socket.io': engineIo,
  'socket.io + recovery': engineIo,
}
