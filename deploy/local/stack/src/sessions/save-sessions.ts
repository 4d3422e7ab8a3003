import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, type NatsConnection, nkeyAuthenticator } from '@nats-io/transport-node'
import { drain } from '@vessel/proto/commands/drain'
import { list } from '@vessel/proto/commands/list'
import { resume } from '@vessel/proto/commands/resume'
import type { HostSessionState, SessionOnHost } from '@vessel/proto/events/beat'
import { hostId } from '@vessel/proto/ids'
import { type Exchange, type Reply, replyEnvelope } from '@vessel/proto/message'
import { parseJson } from '@vessel/proto/parse'
import { type CommandVerb, subjects } from '@vessel/proto/subjects'
import type { z } from 'zod'
import { ORCHESTRATOR_INBOX } from '../nats/users.ts'

const REQUEST_TIMEOUT_MS = 5_000
const CONNECT_TIMEOUT_MS = 3_000
const LOOK_EVERY_MS = 250
const SAY_EVERY_MS = 5_000

/** Whether a session still has a machine or files that are not in the store. */
const IS_LIVE: Record<HostSessionState, boolean> = {
  starting: true,
  ready: true,
  saving: true,
  'save-failed': true,
  paused: true,
  quarantined: false,
  stopped: false,
  failed: false,
}

export interface BusAccess {
  readonly natsUrl: string
  readonly orchestratorNkeyFile: string
  readonly host: string
}

async function onBus<T>(access: BusAccess, work: (nats: NatsConnection) => Promise<T>) {
  const seed = (await readFile(access.orchestratorNkeyFile, 'utf8')).trim()
  const nats = await connect({
    servers: access.natsUrl,
    name: 'stack',
    inboxPrefix: `_INBOX.${ORCHESTRATOR_INBOX}`,
    authenticator: nkeyAuthenticator(new TextEncoder().encode(seed)),
    timeout: CONNECT_TIMEOUT_MS,
    reconnect: false,
  })
  try {
    return await work(nats)
  } finally {
    await nats.close()
  }
}

interface Asked<Req extends z.ZodType, Rep extends z.ZodType> {
  readonly host: string
  readonly command: Exchange<Req, Rep>
  readonly request: z.input<Req>
}

async function ask<Req extends z.ZodType, Rep extends z.ZodType>(
  nats: NatsConnection,
  { host, command, request }: Asked<Req, Rep>,
): Promise<z.output<Rep>> {
  const subject = subjects.command(hostId.parse(host), command.name as CommandVerb)
  const options = { timeout: REQUEST_TIMEOUT_MS }
  const message = await nats.request(subject, JSON.stringify(request), options)
  const reply = parseJson(replyEnvelope(command.reply), message.data) as Reply<z.output<Rep>>
  if (!reply.ok) throw new Error(`${command.name}: ${reply.error.message}`)
  return reply.value
}

/** Lets the host take sessions again after the drain of the last stop. */
export async function openHost(access: BusAccess): Promise<void> {
  await onBus(access, (nats) =>
    ask(nats, { host: access.host, command: resume, request: { opId: randomUUID() } }),
  )
}

/** Has the host save and end its sessions. Returns those that are not saved when time is up. */
export async function saveSessions(
  access: BusAccess,
  options: { timeoutMs: number; say: (text: string) => void },
): Promise<SessionOnHost[]> {
  return onBus(access, async (nats) => {
    const giveUpAt = Date.now() + options.timeoutMs
    const { host } = access
    await ask(nats, { host, command: drain, request: { opId: randomUUID() } })
    for (let saidAt = 0; ; ) {
      const { sessions } = await ask(nats, { host, command: list, request: {} })
      const live = sessions.filter((session) => IS_LIVE[session.state])
      if (live.length === 0 || Date.now() > giveUpAt) return live
      if (Date.now() - saidAt > SAY_EVERY_MS) {
        options.say(`saving ${live.length} session(s): ${live.map((s) => s.slug).join(', ')}`)
        saidAt = Date.now()
      }
      await sleep(LOOK_EVERY_MS)
    }
  })
}
