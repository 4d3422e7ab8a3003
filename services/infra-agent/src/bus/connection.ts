import { readFile } from 'node:fs/promises'
import { connect, type NatsConnection, nkeyAuthenticator } from '@nats-io/transport-node'
import { VesselError } from '@vessel/proto/errors'
import type { HostId } from '@vessel/proto/ids'
import { NATS_VERSION_MIN } from '@vessel/proto/streams'
import type { Clock, Log } from '../vm/ports.ts'

/** A frozen server is noticed after (PINGS_OUT_MAX + 1) of these. */
const PING_EVERY_MS = 5_000
const PINGS_OUT_MAX = 2
const RECONNECT_WAIT_MS = 500
const RECONNECT_JITTER_MS = 1_000
const FIRST_TRY_EVERY_MS = 1_000

export interface BusConnection {
  readonly nats: NatsConnection
  isConnected(): boolean
  /** Called after every reconnect. */
  onReconnect(listener: () => void): void
  close(): Promise<void>
}

export interface ConnectOptions {
  readonly host: HostId
  readonly url: string
  readonly nkeyFile: string | undefined
  readonly triesMax: number
}

/** Parts of a version as numbers, so that 2.10 is newer than 2.9. */
export function isVersionAtLeast(version: string, floor: string): boolean {
  const parts = (text: string) => text.split(/[.-]/).slice(0, 3).map(Number)
  const [have, want] = [parts(version), parts(floor)]
  for (const [index, wanted] of want.entries()) {
    const had = have[index] ?? 0
    if (had !== wanted) return had > wanted
  }
  return true
}

export async function connectBus(
  options: ConnectOptions,
  deps: { clock: Clock; log: Log },
): Promise<BusConnection> {
  const nats = await connectFirst(options, deps)
  const version = nats.info?.version ?? '0.0.0'
  if (!isVersionAtLeast(version, NATS_VERSION_MIN)) {
    await nats.close()
    throw new Error(`nats-server is ${version}; at least ${NATS_VERSION_MIN} is needed`)
  }
  return watch(nats, deps.log)
}

async function connectFirst(
  options: ConnectOptions,
  deps: { clock: Clock; log: Log },
): Promise<NatsConnection> {
  const seed = options.nkeyFile ? await readFile(options.nkeyFile) : null
  const authenticator = seed && nkeyAuthenticator(new TextEncoder().encode(String(seed).trim()))
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await connect({
        servers: options.url.split(',').map((server) => server.trim()),
        name: `infra-agent ${options.host}`,
        // Its own prefix: permissions let a host read no one else's replies.
        inboxPrefix: `_INBOX.${options.host}`,
        maxReconnectAttempts: -1,
        reconnectTimeWait: RECONNECT_WAIT_MS,
        reconnectJitter: RECONNECT_JITTER_MS,
        reconnectJitterTLS: RECONNECT_JITTER_MS,
        pingInterval: PING_EVERY_MS,
        maxPingOut: PINGS_OUT_MAX,
        noAsyncTraces: true,
        // The credentials were right once: a server that is just restarting may refuse them.
        ignoreAuthErrorAbort: true,
        ...(authenticator ? { authenticator } : {}),
      })
    } catch (cause) {
      if (attempt >= options.triesMax) {
        throw new VesselError('BUS_DOWN', {
          detail: `no connection to ${options.url} after ${attempt} tries`,
          cause,
        })
      }
      deps.log.warn({ attempt, err: cause }, 'waiting for the bus')
      await deps.clock.sleep(FIRST_TRY_EVERY_MS)
    }
  }
}

function watch(nats: NatsConnection, log: Log): BusConnection {
  let isConnected = true
  const listeners: (() => void)[] = []

  const follow = async () => {
    for await (const status of nats.status()) {
      if (status.type === 'disconnect') {
        isConnected = false
        log.warn({}, 'bus lost')
      } else if (status.type === 'reconnect') {
        isConnected = true
        log.info({}, 'bus is back')
        for (const listener of listeners) listener()
      } else if (status.type === 'error') {
        log.warn({ err: status.error }, 'bus reported an error')
      } else if (status.type === 'slowConsumer') {
        log.warn({ pending: status.pending }, 'bus subscription is behind')
      }
    }
  }
  follow().catch((thrown) => log.error({ err: thrown }, 'bus status ended'))

  return {
    nats,
    isConnected: () => isConnected && !nats.isClosed(),
    onReconnect: (listener) => listeners.push(listener),
    close: () => nats.close(),
  }
}
