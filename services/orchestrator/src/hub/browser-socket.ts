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

/** Emitted when the closing begins, by either side: a data frame after it would be a fault. */
export const CLOSING = 'closing'

/** A connection as the hub wants it; a class, because ten thousand closures are megabytes. */
export class BrowserSocket extends WebSocket {
  reader: SocketReader | null = null

  /** `ws` ends protocol faults with the codes of the RFC; ours tell a page whether to come back. */
  override close(code?: number, data?: string | Buffer): void {
    const reason = code === undefined ? undefined : REASONS_OF_FAULTS[code]
    super.close(reason ? CLOSE_CODES[reason] : code, reason ?? data)
    this.emit(CLOSING)
  }
}
