import { CLOSE_CODES, mayReconnect } from '@vessel/proto/browser/close-codes'
import type { ServerFrame } from '@vessel/proto/browser/server-frames'
import { connectWebSocket, pageSignals, systemClock } from './browser.ts'
import { Emitter } from './emitter.ts'
import { Link } from './link.ts'
import { reconnectDelayMs } from './reconnect.ts'
import { TokenTimer } from './token-timer.ts'
import { Topics } from './topics.ts'
import type { LiveSocket, SocketOptions, SocketState, SocketStatus } from './types.ts'
import { Watchdog } from './watchdog.ts'

/** The auth library may hang on a dead network. */
const TOKEN_WITHIN_MS = 10_000
/** No close code: there was no token, or no connection could be tried. */
const NOTHING = 0

/** Opens the page's live connection and keeps it open; see `LiveSocket` for what it promises. */
export function createSocket(options: SocketOptions): LiveSocket {
  const connection = new PageConnection(options)
  connection.start()
  return connection
}

class PageConnection implements LiveSocket {
  readonly #options: Required<Omit<SocketOptions, 'onFrame'>> & Pick<SocketOptions, 'onFrame'>
  readonly #topics: Topics
  readonly #tokens: TokenTimer
  readonly #statusListeners = new Emitter<SocketStatus>()
  readonly #forgetPage: () => void
  #status: SocketStatus = {
    state: 'connecting',
    attempt: 0,
    retryAtMs: null,
    closeCode: null,
    latencyMs: null,
    userId: null,
    isAdmin: false,
  }
  #link: Link | null = null
  #watchdog: Watchdog | null = null
  #retryTimer: unknown = null
  /** Rises with every attempt, so that a token that comes late starts nothing. */
  #generation = 0
  #atLeastMs = 0

  constructor(options: SocketOptions) {
    this.#options = {
      connect: connectWebSocket,
      clock: systemClock,
      random: Math.random,
      page: pageSignals(),
      ...options,
    }
    const { clock, random } = this.#options
    this.#topics = new Topics({
      clock,
      random,
      isConnected: () => this.#status.state === 'connected',
      send: (frame) => {
        if (this.#status.state === 'connected') this.#link?.send(frame)
      },
    })
    this.#tokens = new TokenTimer({ clock, refresh: () => this.refreshToken() })
    this.#forgetPage = this.#options.page.onChange(() => this.#onPageChange())
  }

  start(): void {
    if (this.#options.page.isOnline()) this.#attempt()
    else this.#set({ state: 'offline' })
  }

  status(): SocketStatus {
    return this.#status
  }

  onStatus(listener: (status: SocketStatus) => void): () => void {
    return this.#statusListeners.on(listener)
  }

  subscribe(topic: string, handlers: Parameters<LiveSocket['subscribe']>[1]): () => void {
    return this.#topics.subscribe(topic, handlers)
  }

  setPresence(...[topic, state]: Parameters<LiveSocket['setPresence']>): void {
    this.#topics.setPresence(topic, state)
  }

  position(topic: string): ReturnType<LiveSocket['position']> {
    return this.#topics.position(topic)
  }

  retryNow(): void {
    const { state } = this.#status
    if (state === 'reconnecting' && !this.#link) this.#attempt()
    if (state === 'offline') this.#attempt()
  }

  refreshToken(): void {
    const link = this.#link
    if (this.#status.state !== 'connected' || !link) {
      this.retryNow()
      return
    }
    this.#readToken().then((token) => {
      if (token && this.#link === link) link.send({ type: 'refresh', token })
    })
  }

  close(): void {
    if (this.#status.state === 'closed') return
    this.#end(null)
  }

  #attempt(): void {
    this.#stopTimers()
    this.#generation += 1
    const generation = this.#generation
    const attempt = this.#status.attempt + 1
    const state: SocketState = this.#status.state === 'connecting' ? 'connecting' : 'reconnecting'
    this.#set({ state, attempt, retryAtMs: null })
    this.#readToken().then((token) => {
      if (generation !== this.#generation || this.#status.state === 'closed') return
      if (token) this.#connect(token)
      else this.#onDown(NOTHING)
    })
  }

  #connect(token: string): void {
    const { connect, clock, url } = this.#options
    const onDown = (code: number) => {
      if (this.#link === link) this.#onDown(code)
    }
    const onFrame = (frame: ServerFrame) => {
      if (this.#link === link) this.#onFrame(frame)
    }
    const link = new Link({ connect, clock, url, token, onDown, onFrame })
    this.#link = link
  }

  #onFrame(frame: ServerFrame): void {
    this.#watchdog?.heard()
    this.#options.onFrame?.(frame)
    if (frame.type === 'hello') this.#onHello(frame)
    else if (frame.type === 'pong') this.#watchdog?.pong(frame.id)
    else if (frame.type === 'bye') this.#atLeastMs = frame.retryAfterMs ?? 0
    else this.#topics.onFrame(frame)
  }

  #onHello(frame: Extract<ServerFrame, { type: 'hello' }>): void {
    const { userId, isAdmin } = frame
    this.#tokens.arm(frame.tokenExpiresInMs)
    // After a refresh it comes again, on a connection that goes on.
    const isFirst = this.#status.state !== 'connected'
    this.#set({ state: 'connected', attempt: 0, retryAtMs: null, userId, isAdmin })
    if (!isFirst) return
    this.#watchdog = this.#createWatchdog(frame.heartbeatMs)
    this.#topics.askAll()
  }

  #createWatchdog(everyMs: number): Watchdog {
    const { clock } = this.#options
    const link = this.#link
    const deps = {
      clock,
      sendPing: (id: number) => link?.send({ type: 'ping', id }),
      onLatency: (latencyMs: number) => this.#set({ latencyMs }),
      onDead: () => link?.drop(CLOSE_CODES.dead),
    }
    return new Watchdog(deps, everyMs)
  }

  #onDown(code: number): void {
    this.#link = null
    this.#stopTimers()
    this.#topics.lost()
    if (!mayReconnect(code)) {
      this.#end(code)
      return
    }
    if (!this.#options.page.isOnline()) {
      this.#set({ state: 'offline', retryAtMs: null, latencyMs: null })
      return
    }
    const { clock, random } = this.#options
    const delayMs = reconnectDelayMs(this.#status.attempt + 1, random(), this.#atLeastMs)
    this.#atLeastMs = 0
    this.#set({ state: 'reconnecting', retryAtMs: clock.now() + delayMs, latencyMs: null })
    this.#retryTimer = clock.setTimer(() => this.#attempt(), delayMs)
  }

  /** The platform says something changed: it may know of the network before any timer does. */
  #onPageChange(): void {
    const { page } = this.#options
    const { state } = this.#status
    if (state === 'connected') this.#watchdog?.probe()
    else if (state === 'offline' && page.isOnline()) this.#attempt()
    else if (state === 'reconnecting' && page.isOnline() && page.isVisible()) this.retryNow()
    else if (state === 'reconnecting' && !page.isOnline() && !this.#link) {
      this.#stopTimers()
      this.#set({ state: 'offline', retryAtMs: null })
    }
  }

  #end(code: number | null): void {
    const link = this.#link
    this.#link = null
    this.#generation += 1
    this.#stopTimers()
    this.#topics.lost()
    this.#forgetPage()
    link?.drop(NOTHING)
    this.#set({ state: 'closed', retryAtMs: null, latencyMs: null, closeCode: code })
    this.#statusListeners.clear()
  }

  /** A failure to get one is as none: it is tried again with the next attempt. */
  async #readToken(): Promise<string | null> {
    const { clock, getToken } = this.#options
    let timer: unknown = null
    const timeout = new Promise<null>((resolve) => {
      timer = clock.setTimer(() => resolve(null), TOKEN_WITHIN_MS)
    })
    try {
      return await Promise.race([getToken(), timeout])
    } catch {
      // The auth library could not reach its server; so could we not, most likely.
      return null
    } finally {
      clock.clearTimer(timer)
    }
  }

  #stopTimers(): void {
    this.#options.clock.clearTimer(this.#retryTimer)
    this.#retryTimer = null
    this.#watchdog?.stop()
    this.#watchdog = null
    this.#tokens.stop()
  }

  #set(change: Partial<SocketStatus>): void {
    this.#status = { ...this.#status, ...change }
    this.#statusListeners.emit(this.#status)
  }
}
