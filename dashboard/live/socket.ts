import type { LiveSocket, SocketOptions } from './types.ts'

/** Opens the page's live connection and keeps it open; see `LiveSocket` for what it promises. */
export function createSocket(_options: SocketOptions): LiveSocket {
  throw new Error('being written')
}
