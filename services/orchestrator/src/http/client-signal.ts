import type { IncomingMessage } from 'node:http'

/** Aborted when the client breaks the connection off before it was answered. */
export function clientSignal({ socket }: IncomingMessage): AbortSignal {
  const gone = new AbortController()
  if (socket.destroyed) gone.abort()
  else socket.once('close', () => gone.abort())
  return gone.signal
}
