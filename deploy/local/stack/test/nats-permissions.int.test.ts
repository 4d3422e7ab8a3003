import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect, type NatsConnection, nanos, nkeyAuthenticator } from '@nats-io/transport-node'
import { hostId, sessionId } from '@vessel/proto/ids'
import { STREAMS } from '@vessel/proto/streams'
import { subjects } from '@vessel/proto/subjects'
import { nkeyAt } from '../src/nats/nkeys.ts'
import { renderNatsConfig } from '../src/nats/render-config.ts'
import { agentUser, orchestratorUser } from '../src/nats/users.ts'
import { ephemeralPorts } from '../src/ports/ports.ts'
import { type SupervisedChild, superviseChild } from '../src/process/child.ts'
import { greetsAt } from '../src/process/ready.ts'

const H1 = hostId.parse('h1')
const H2 = hostId.parse('h2')
const SESSION = sessionId.parse(randomUUID())

let dir: string
let server: SupervisedChild
let orchestrator: NatsConnection
let agent: NatsConnection
let other: NatsConnection

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vessel-nats-'))
  const keys = {
    orch: await nkeyAt(join(dir, 'orch.nk')),
    h1: await nkeyAt(join(dir, 'h1.nk')),
    h2: await nkeyAt(join(dir, 'h2.nk')),
  }
  const { nats: port } = await ephemeralPorts()
  await renderNatsConfig({
    target: join(dir, 'nats.conf'),
    listen: `127.0.0.1:${port}`,
    storeDir: join(dir, 'store'),
    users: [
      await orchestratorUser(keys.orch.publicKey),
      await agentUser(H1, keys.h1.publicKey),
      await agentUser(H2, keys.h2.publicKey),
    ],
  })
  server = superviseChild(
    {
      name: 'nats',
      command: 'nats-server',
      args: ['-c', join(dir, 'nats.conf')],
      cwd: dir,
      env: { PATH: process.env.PATH ?? '' },
      isReady: greetsAt(port, 'INFO'),
    },
    { line: () => undefined, notice: () => undefined, changed: () => undefined },
  )
  await server.start()
  const dial = async (name: keyof typeof keys) =>
    connect({
      servers: `127.0.0.1:${port}`,
      inboxPrefix: `_INBOX.${name}`,
      authenticator: nkeyAuthenticator(
        new TextEncoder().encode((await readFile(keys[name].seedFile, 'utf8')).trim()),
      ),
    })
  orchestrator = await dial('orch')
  agent = await dial('h1')
  other = await dial('h2')
  const manager = await jetstreamManager(orchestrator)
  for (const spec of Object.values(STREAMS)) {
    await manager.streams.add({
      name: spec.name,
      subjects: [...spec.subjects],
      max_age: nanos(spec.maxAgeMs),
      allow_direct: true,
    })
  }
}, 30_000)

afterAll(async () => {
  for (const connection of [orchestrator, agent, other]) await connection?.close()
  await server?.stop()
  await rm(dir, { recursive: true, force: true })
})

/** Whether the server forbids what the work tries: it says so on the connection, asynchronously. */
async function isForbidden(connection: NatsConnection, work: () => unknown): Promise<boolean> {
  const heard = (async () => {
    for await (const status of connection.status()) {
      if (status.type === 'error' && /permission/i.test(String(status.error))) return true
    }
    return false
  })()
  await Promise.resolve(work()).catch(() => undefined)
  await connection.flush()
  // The answer to the flush comes after any complaint about what went before it.
  return Promise.race([heard, connection.flush().then(() => false)])
}

const messageCount = async () => {
  const manager = await jetstreamManager(orchestrator)
  return (await manager.streams.info(STREAMS.log.name)).state.messages
}

describe('an agent', () => {
  it('publishes its own log and gets the acknowledgement', async () => {
    const ack = await jetstream(agent).publish(subjects.log(H1, SESSION), 'line', { msgID: '1' })
    expect(ack.stream).toBe(STREAMS.log.name)
  })

  it('reads how its streams are configured', async () => {
    const manager = await jetstreamManager(agent, { checkAPI: false })
    expect((await manager.streams.info(STREAMS.event.name)).config.name).toBe(STREAMS.event.name)
  })

  it('beats in its own name', async () => {
    expect(await isForbidden(agent, () => agent.publish(subjects.beat(H1), '{}'))).toBe(false)
  })

  it('answers its commands, bids and asks in its own name', async () => {
    agent.subscribe(subjects.commandsOf(H1), { callback: (_, m) => void m.respond('done') })
    agent.subscribe(subjects.place, { callback: (_, m) => void m.respond('bid') })
    orchestrator.subscribe(subjects.requestsOf('commit'), {
      callback: (_, m) => void m.respond('committed'),
    })
    await Promise.all([agent.flush(), orchestrator.flush()])
    const asked = await orchestrator.request(subjects.command(H1, 'list'), '')
    expect(asked.string()).toBe('done')
    expect((await orchestrator.request(subjects.place, '')).string()).toBe('bid')
    expect((await agent.request(subjects.request('commit', H1), '')).string()).toBe('committed')
  })

  it.each([
    ['publish a log of another host', () => agent.publish(subjects.log(H2, SESSION), 'forged')],
    ['publish a beat of another host', () => agent.publish(subjects.beat(H2), 'forged')],
    ['ask in the name of another host', () => agent.publish(subjects.request('commit', H2), '')],
    ['command a host', () => agent.publish(subjects.command(H2, 'stop'), '')],
    ['ask for bids', () => agent.publish(subjects.place, '')],
    ['tell users what changed', () => agent.publish(subjects.notifyAdmin, '')],
    ['answer into the inbox of another host', () => agent.publish('_INBOX.h2.x', '')],
    ['purge a stream', () => agent.publish('$JS.API.STREAM.PURGE.VESSEL_LOG', '')],
    ['delete a stream', () => agent.publish('$JS.API.STREAM.DELETE.VESSEL_LOG', '')],
    ['create a stream', () => agent.publish('$JS.API.STREAM.CREATE.X', '{"name":"X"}')],
    ['read a stream', () => agent.publish('$JS.API.DIRECT.GET.VESSEL_LOG', '{"seq":1}')],
    ['make a consumer', () => agent.publish('$JS.API.CONSUMER.CREATE.VESSEL_LOG.x', '{}')],
    ['read the commands of another host', () => agent.subscribe(subjects.commandsOf(H2))],
    ['read the logs of every host', () => agent.subscribe(subjects.everyLog)],
    ['read what other agents ask', () => agent.subscribe(subjects.requestsOf('commit'))],
    ['read the inbox of an orchestrator', () => agent.subscribe('_INBOX.orch.>')],
    ['read everything', () => agent.subscribe('>')],
    ['read the server’s own events', () => agent.subscribe('$SYS.>')],
  ])('may not %s', async (_what, work) => {
    expect(await isForbidden(agent, work)).toBe(true)
  })

  it('changed nothing by trying', async () => {
    expect(await messageCount()).toBe(1)
  })
})

describe('an orchestrator', () => {
  it('reads every log by a consumer of its own', async () => {
    await jetstream(other).publish(subjects.log(H2, SESSION), 'second', { msgID: '2' })
    const consumer = await jetstream(orchestrator).consumers.get(STREAMS.log.name, {
      filter_subjects: subjects.logOf(SESSION),
    })
    expect((await consumer.next({ expires: 2_000 }))?.string()).toBe('line')
    expect((await consumer.next({ expires: 2_000 }))?.string()).toBe('second')
  })

  it.each([
    ['purge a stream', () => orchestrator.publish('$JS.API.STREAM.PURGE.VESSEL_LOG', '')],
    ['delete a stream', () => orchestrator.publish('$JS.API.STREAM.DELETE.VESSEL_LOG', '')],
    ['publish as a host', () => orchestrator.publish(subjects.log(H1, SESSION), 'forged')],
    ['read the inbox of a host', () => orchestrator.subscribe('_INBOX.h1.>')],
  ])('may not %s', async (_what, work) => {
    expect(await isForbidden(orchestrator, work)).toBe(true)
  })
})

describe('the rules', () => {
  it('refuse a host whose inbox would be that of the orchestrators', async () => {
    await expect(agentUser('orch', 'U')).rejects.toThrow('cannot be called')
  })

  it('refuse a host id that is a wildcard', async () => {
    await expect(agentUser('*', 'U')).rejects.toThrow()
  })
})
