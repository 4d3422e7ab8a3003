import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { jetstreamManager } from '@nats-io/jetstream'
import { createUser } from '@nats-io/nkeys'
import { nkeyAuthenticator } from '@nats-io/transport-node'
import { STREAMS, streamConfigOf } from '@vessel/proto/streams'
import { ensureStreams } from '../src/bus/streams.ts'
import { systemClock as clock } from '../src/host/clock.ts'
import { createAgent, startCommand } from './support/agent.ts'
import { startNats } from './support/nats-server.ts'
import { FakeOrchestrator } from './support/orchestrator.ts'
import { Cleanup } from './support/processes.ts'
import { startStorage } from './support/storage.ts'

const TEST_MS = 60_000
const silent = { debug() {}, info() {}, warn() {}, error() {} }

/** What a host may do, as the server enforces it in every deployment. */
const permissionsOf = (host: string) => `{
  publish: { allow: [
    "vessel.v1.host.${host}.vm.>", "vessel.v1.host.${host}.beat", "vessel.v1.orch.*.${host}",
    "$JS.API.STREAM.INFO.*", "_INBOX.orch.>" ] }
  subscribe: { allow: ["vessel.v1.host.${host}.cmd.*", "vessel.v1.place", "_INBOX.${host}.>"] }
}`

describe('an agent with the permissions of its host alone', () => {
  const cleanup = new Cleanup()
  afterEach(() => cleanup.run(), TEST_MS)

  it(
    'waits for the streams it may not make, then runs a whole session',
    async () => {
      const [agentKey, orchestratorKey] = [createUser(), createUser()]
      const nats = await startNats(
        cleanup,
        `authorization { users: [
          { nkey: ${agentKey.getPublicKey()}, permissions: ${permissionsOf('h1')} }
          { nkey: ${orchestratorKey.getPublicKey()} }
        ] }`,
      )
      const seedFile = join(await cleanup.folder(), 'seed')
      await writeFile(seedFile, agentKey.getSeed(), { mode: 0o600 })
      const storage = await startStorage(cleanup)
      const connection = await nats.connect({
        authenticator: nkeyAuthenticator(orchestratorKey.getSeed()),
        inboxPrefix: '_INBOX.orch',
      })
      const orchestrator = new FakeOrchestrator(connection, storage)
      const agent = await createAgent(cleanup, nats.url, { NATS_NKEY_FILE: seedFile })
      const started = agent.start()
      await ensureStreams(connection, { replicas: 1 }, { clock, log: silent })
      await started

      const command = startCommand()
      await orchestrator.command('start', command)
      await orchestrator.event(command.session, 'ready')
      const { session, epoch } = command
      const order = { opId: startCommand().opId, session, epoch } as const
      await orchestrator.command('stop', { ...order, mode: 'save', reason: 'user_exit' })
      expect(await orchestrator.event(session, 'stopped')).toMatchObject({ isSaved: true })
    },
    TEST_MS,
  )

  it(
    'refuses streams that are not as it relies on, naming the difference',
    async () => {
      const nats = await startNats(cleanup)
      const connection = await nats.connect()
      const manager = await jetstreamManager(connection)
      await manager.streams.add({
        ...streamConfigOf(STREAMS.log, 1),
        duplicate_window: 1_000_000_000,
      })
      const ensured = ensureStreams(connection, { replicas: 1 }, { clock, log: silent })
      await expect(ensured).rejects.toThrow(/VESSEL_LOG.duplicate_window is 1000000000/)
    },
    TEST_MS,
  )
})
