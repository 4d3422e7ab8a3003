import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { WS_SUBPROTOCOL } from '@vessel/proto/version'
import type { WebSocket } from 'ws'
import { type BrowserSocket, CLOSING, type SocketReader } from './browser-socket.ts'
import { Connection, type ConnectionDeps } from './connection.ts'
import type { HubContext } from './context.ts'
import { FrameReader } from './handlers/dispatch.ts'
import type { CloseLabel } from './hub-metrics.ts'

/** Everything here is synchronous: a frame that arrives with the handshake must find a listener. */
export function createAccept(ctx: HubContext): (socket: BrowserSocket, tcp: Socket) => void {
  const deps: ConnectionDeps = {
    ...ctx,
    onClosed: (connection, label) => forget(ctx, connection, label),
  }
  return (socket, tcp) => {
    letGoOfRequest(socket, tcp)
    const connection = new Connection(deps, { socket, tcp })
    socket.reader = new FrameReader(ctx, connection)
    socket.on('message', onMessage)
    socket.on('pong', onPong)
    socket.on(CLOSING, onEnd)
    socket.on('close', onEnd)
    ctx.connections.add(connection)
    ctx.unauthenticated.add(connection)
    if (socket.protocol !== WS_SUBPROTOCOL) connection.close('version')
  }
}

/** One listener of each kind for all: the socket itself knows its reader. */
const readerOf = (socket: WebSocket): SocketReader | null => (socket as BrowserSocket).reader

function onMessage(this: WebSocket, data: Buffer, isBinary: boolean): void {
  readerOf(this)?.onMessage(data, isBinary)
}

function onPong(this: WebSocket): void {
  readerOf(this)?.onPong()
}

function onEnd(this: WebSocket): void {
  readerOf(this)?.onEnd()
}

/** After a protocol fault `ws` is closing already, and its close frame must still get out. */
function onError(this: WebSocket): void {
  if (this.readyState === this.OPEN) this.terminate()
}

/**
 * The upgrade's request and response would live as long as the connection: the plugin's listener
 * holds them, and Node's socket the response. That is a third of what an idle browser costs.
 */
function letGoOfRequest(socket: BrowserSocket, tcp: Socket): void {
  socket.removeAllListeners('error')
  socket.on('error', onError)
  const { _httpMessage: response } = tcp as Socket & { readonly _httpMessage?: ServerResponse }
  response?.detachSocket(tcp)
}

function forget(ctx: HubContext, connection: Connection, label: CloseLabel): void {
  ctx.connections.delete(connection)
  ctx.unauthenticated.delete(connection)
  const userId = connection.viewer?.userId
  if (userId) {
    const rest = ctx.byUser.get(userId)?.filter((other) => other !== connection) ?? []
    if (rest.length > 0) ctx.byUser.set(userId, rest)
    else ctx.byUser.delete(userId)
  }
  if (label === 'client') return
  const facts = { connection: connection.id, userId, reason: label }
  // Those who never said who they are come by the thousand in a flood, and have a metric.
  if (userId) ctx.log.info(facts, 'connection closed')
  else ctx.log.debug(facts, 'connection closed')
}
