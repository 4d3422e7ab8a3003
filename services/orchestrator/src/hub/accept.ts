import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { WS_SUBPROTOCOL } from '@vessel/proto/version'
import type { BrowserSocket } from './browser-socket.ts'
import { Connection, type ConnectionDeps } from './connection.ts'
import type { HubContext } from './context.ts'
import { FrameReader } from './handlers/dispatch.ts'
import type { CloseLabel } from './hub-metrics.ts'

/** Everything here is synchronous: a frame that arrives with the handshake must find its reader. */
export function createAccept(ctx: HubContext): (socket: BrowserSocket, tcp: Socket) => void {
  const deps: ConnectionDeps = {
    ...ctx,
    onClosed: (connection, label) => forget(ctx, connection, label),
  }
  return (socket, tcp) => {
    letGoOfRequest(socket, tcp)
    const connection = new Connection(deps, { socket, tcp })
    socket.reader = new FrameReader(ctx, connection)
    ctx.connections.add(connection)
    ctx.unauthenticated.add(connection)
    if (socket.protocol !== WS_SUBPROTOCOL) connection.close('version')
  }
}

/**
 * The upgrade's request and response would live as long as the connection: the plugin's listener
 * holds them, and Node's socket the response. That is a third of what an idle browser costs.
 */
function letGoOfRequest(socket: BrowserSocket, tcp: Socket): void {
  socket.removeAllListeners('error')
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
