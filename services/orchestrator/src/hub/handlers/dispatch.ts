import { type ClientFrame, clientFrame } from '@vessel/proto/browser/client-frames'
import type { SocketReader } from '../browser-socket.ts'
import type { Connection } from '../connection.ts'
import type { HubContext } from '../context.ts'
import { onAuth } from './auth.ts'
import { onDebug } from './debug.ts'
import { onPing } from './ping.ts'
import { onPresence } from './presence.ts'
import { onRefresh } from './refresh.ts'
import { onSub } from './sub.ts'
import { onUnsub } from './unsub.ts'

/** Frame types of a newer page are answered with an error, not with an end. */
const KNOWN_TYPES: ReadonlySet<string> = new Set([
  'auth',
  'sub',
  'unsub',
  'ping',
  'presence',
  'refresh',
  'debug',
] satisfies ClientFrame['type'][])

/** Reads what one client sends, in order, and hands each frame to its handler. */
export class FrameReader implements SocketReader {
  readonly #ctx: HubContext
  readonly #connection: Connection
  /** Frames that came while the token is checked; null once it was. */
  #early: ClientFrame[] | null = []
  #isAuthBegun = false
  #refusals = 0
  #refusalsSinceMs: number

  constructor(ctx: HubContext, connection: Connection) {
    this.#ctx = ctx
    this.#connection = connection
    this.#refusalsSinceMs = ctx.clock.now()
  }

  onPong(): void {
    this.#connection.lastSeenMs = this.#ctx.clock.now()
  }

  onEnd(): void {
    this.#connection.end('client')
  }

  onMessage(data: Buffer, isBinary: boolean): void {
    const connection = this.#connection
    if (connection.isClosed) return
    connection.lastSeenMs = this.#ctx.clock.now()
    connection.counters.framesReceived += 1

    const value = isBinary ? null : parseObject(data)
    if (!value) {
      connection.close(this.#isAuthBegun ? 'badFrame' : 'unauthenticated')
      return
    }
    const parsed = clientFrame.safeParse(value)
    if (!this.#isAuthBegun) {
      this.#onFirst(parsed.success ? parsed.data : null)
      return
    }
    if (!parsed.success) {
      this.#refuseShape(value)
      return
    }
    if (this.#early === null) {
      this.#handle(parsed.data)
      return
    }
    this.#early.push(parsed.data)
    if (this.#early.length > this.#ctx.limits.framesBeforeAuthMax) connection.close('flood')
  }

  #onFirst(frame: ClientFrame | null): void {
    if (frame?.type !== 'auth') {
      this.#connection.close('unauthenticated')
      return
    }
    this.#isAuthBegun = true
    onAuth(this.#ctx, this.#connection, frame)
      .then(() => this.#handleEarly())
      .catch((cause) => {
        this.#ctx.log.error({ err: String(cause) }, 'auth handler failed')
        this.#connection.close('unauthenticated')
      })
  }

  #handleEarly(): void {
    const early = this.#early ?? []
    this.#early = null
    for (const frame of early) if (!this.#connection.isClosed) this.#handle(frame)
  }

  #handle(frame: ClientFrame): void {
    const { viewer } = this.#connection
    if (!viewer) return
    const key = `${viewer.userId}:${frame.type}`
    if (!this.#ctx.limiter.take(key, this.#ctx.clock.now())) {
      this.#refuse('RATE_LIMITED', 'Too many commands. Wait a moment.', idOf(frame))
      return
    }
    this.#run(frame)
  }

  #run(frame: ClientFrame): void {
    switch (frame.type) {
      case 'auth':
        this.#refuse('BAD_REQUEST', 'You are logged in already; use refresh.')
        return
      case 'sub':
        onSub(this.#ctx, this.#connection, frame)
        return
      case 'unsub':
        onUnsub(this.#connection, frame)
        return
      case 'ping':
        onPing(this.#connection, frame)
        return
      case 'presence':
        onPresence(this.#ctx, this.#connection, frame)
        return
      case 'refresh':
        onRefresh(this.#ctx, this.#connection, frame)
        return
      case 'debug':
        onDebug(this.#connection, frame)
        return
    }
  }

  #refuseShape(value: Record<string, unknown>): void {
    const id = idOf(value)
    if (typeof value.type !== 'string') {
      this.#connection.close('badFrame')
      return
    }
    if (!KNOWN_TYPES.has(value.type)) {
      this.#refuse('UNSUPPORTED', 'This server does not know that command.', id)
      return
    }
    this.#refuse('VALIDATION', 'The command has a missing or mistyped field.', id)
  }

  /** Refusing is cheap but not free: who goes on and on is put out. */
  #refuse(
    code: 'RATE_LIMITED' | 'BAD_REQUEST' | 'UNSUPPORTED' | 'VALIDATION',
    message: string,
    id?: number,
  ): void {
    const nowMs = this.#ctx.clock.now()
    if (nowMs - this.#refusalsSinceMs > 60_000) {
      this.#refusals = 0
      this.#refusalsSinceMs = nowMs
    }
    this.#refusals += 1
    if (this.#refusals > this.#ctx.limits.refusalsPerMinuteMax) {
      this.#connection.close('flood')
      return
    }
    this.#connection.sendError(code, message, id)
  }
}

function idOf(value: object): number | undefined {
  const id = 'id' in value ? value.id : undefined
  return typeof id === 'number' && Number.isSafeInteger(id) && id >= 0 ? id : undefined
}

function parseObject(data: Buffer): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(data.toString('utf8'))
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}
