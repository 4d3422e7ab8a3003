import { CLOSE_CODES, type CloseReason } from '@vessel/proto/browser/close-codes'
import { WebSocket } from 'ws'

const REASONS_OF_FAULTS: Readonly<Record<number, CloseReason>> = {
  1002: 'badFrame',
  1007: 'badFrame',
  1008: 'badFrame',
  1009: 'tooLarge',
}

/** Who is told what comes in. */
export interface SocketReader {
  onMessage(data: Buffer, isBinary: boolean): void
  onPong(): void
  onEnd(): void
}

type Tell = (socket: BrowserSocket, args: readonly unknown[]) => void

/** What `ws` tells, and what becomes of it. */
const TELLS: ReadonlyMap<string | symbol, Tell> = new Map<string | symbol, Tell>([
  [
    'message',
    ({ reader }, [data, isBinary]) => reader?.onMessage(data as Buffer, isBinary === true),
  ],
  ['pong', ({ reader }) => reader?.onPong()],
  ['close', ({ reader }) => reader?.onEnd()],
  // After a protocol fault `ws` is closing already, and its close frame must still get out.
  ['error', (socket) => void (socket.readyState === socket.OPEN && socket.terminate())],
])

/**
 * A connection as the hub wants it: it tells its reader, and has no listeners. Those of an idle
 * browser would weigh more than its topics.
 */
export class BrowserSocket extends WebSocket {
  reader: SocketReader | null = null

  override emit(event: string | symbol, ...args: unknown[]): boolean {
    const tell = TELLS.get(event)
    if (!tell) return super.emit(event, ...args)
    tell(this, args)
    return true
  }

  /**
   * `ws` ends protocol faults with the codes of the RFC; ours tell a page whether to come back.
   * By whichever side the closing begins: a data frame after it would be a fault.
   */
  override close(code?: number, data?: string | Buffer): void {
    const reason = code === undefined ? undefined : REASONS_OF_FAULTS[code]
    super.close(reason ? CLOSE_CODES[reason] : code, reason ?? data)
    this.reader?.onEnd()
  }
}
