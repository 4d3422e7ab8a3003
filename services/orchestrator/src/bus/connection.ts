import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, type NatsConnection, nkeyAuthenticator } from '@nats-io/transport-node'
import { VesselError } from '@vessel/proto/errors'
import { NATS_VERSION_MIN } from '@vessel/proto/streams'
import type { Log } from '../ports.ts'

/** A frozen server is noticed after (PINGS_OUT_MAX + 1) of these. */
const PING_EVERY_MS = 5_000
const PINGS_OUT_MAX = 2
const RECONNECT_WAIT_MS = 250
const RECONNECT_JITTER_MS = 750
const FIRST_TRY_EVERY_MS = 1_000
/** Replies come to a prefix of our own: permissions let no agent read them. */
const INBOX_PREFIX = '_INBOX.orch'

export interface BusOptions {
  readonly urls: readonly string[]
  readonly nkeyFile: string | undefined
  readonly triesMax: number
}

/** Numeric, so that 2.10 is newer than 2.9. */
export function isVersionAtLeast(version: string, floor: string): boolean {
  const [have, want] = [version, floor].map((text) => text.split(/[.-]/).slice(0, 3).map(Number))
  const at = (want ?? []).findIndex((part, index) => part !== have?.[index])
  return at === -1 || (have?.[at] ?? 0) > (want?.[at] ?? 0)
}

/** Connects once the server is there, and then for ever. */
export async function connectBus(options: BusOptions, log: Log): Promise<NatsConnection> {
  const seed = options.nkeyFile ? (await readFile(options.nkeyFile, 'utf8')).trim() : null
  const credentials = seed
    ? { authenticator: nkeyAuthenticator(new TextEncoder().encode(seed)) }
    : {}
  const nc = await untilConnected(options, log, () =>
    connect({
      servers: [...options.urls],
      name: 'orchestrator',
      inboxPrefix: INBOX_PREFIX,
      maxReconnectAttempts: -1,
      reconnectTimeWait: RECONNECT_WAIT_MS,
      reconnectJitter: RECONNECT_JITTER_MS,
      reconnectJitterTLS: RECONNECT_JITTER_MS,
      pingInterval: PING_EVERY_MS,
      maxPingOut: PINGS_OUT_MAX,
      noAsyncTraces: true,
      // The credentials were right once: a server that is just restarting may refuse them.
      ignoreAuthErrorAbort: true,
      ...credentials,
    }),
  )
  const version = nc.info?.version ?? '0.0.0'
  if (!isVersionAtLeast(version, NATS_VERSION_MIN)) {
    await nc.close()
    throw new Error(`nats-server is ${version}; at least ${NATS_VERSION_MIN} is needed`)
  }
  return nc
}

async function untilConnected(
  options: BusOptions,
  log: Log,
  attempt: () => Promise<NatsConnection>,
): Promise<NatsConnection> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt()
    } catch (cause) {
      if (tries >= options.triesMax) {
        throw new VesselError('BUS_DOWN', { detail: `no bus after ${tries} tries`, cause })
      }
      log.warn({ tries, err: cause }, 'waiting for the bus')
      await sleep(FIRST_TRY_EVERY_MS)
    }
  }
}
