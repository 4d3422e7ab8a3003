import { join } from 'node:path'
import { afterEach, expect, it } from '@jest/globals'
import type { StartCommand } from '@vessel/proto/commands/start'
import { type Agent, startAgent } from '../src/agent.ts'
import { readConfig } from '../src/config.ts'
import { guestClient } from '../src/guest/client.ts'
import { readIfThere } from '../src/host/files.ts'
import { readHostBootId } from '../src/host/identity.ts'
import type { Log } from '../src/vm/ports.ts'
import { newOpId, startCommand } from './support/agent.ts'
import { endVmm, tracesOf, uidOf } from './support/ignite/traces.ts'
import { createIgniteWorld, type IgniteWorld } from './support/ignite/world.ts'
import { startNats } from './support/nats-server.ts'
import { FakeOrchestrator } from './support/orchestrator.ts'
import { Cleanup, until } from './support/processes.ts'
import { startStorage } from './support/storage.ts'

/** The agent whole, over machines by the stand-in: what only the parts together can show. */
const TEST_MS = 120_000
const cleanup = new Cleanup()
let world: IgniteWorld
let agent: Agent | null = null

afterEach(async () => {
  await agent?.stop()
  await world.cleanup()
  await cleanup.run()
}, TEST_MS)

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

async function start(natsUrl: string): Promise<Agent> {
  const config = readConfig({
    ...{ HOST_ID: 'h1', NATS_URL: natsUrl, PORT: '0', DRIVER: 'ignite' },
    ...{ STATE_DIR: world.paths.stateDir, ROUTES_DIR: join(world.paths.stateDir, 'routes') },
    ...{ WORKSPACE_BASE_URL: 'http://localhost:8080', DASHBOARD_URL: 'http://localhost:3000' },
    ...{ IGNITE_IMAGE: 'vessel-golden:1', IGNITE_KERNEL_IMAGE: 'vessel-kernel:1' },
    ...{ IDE_COMMAND: '["fake"]', DISK_MIB_KEEP_FREE: '0' },
  })
  const { paths, driver, volumes } = world
  return startAgent({
    ...{ config, paths, driver, volumes, log: silent },
    hostBootId: await readHostBootId(),
  })
}

async function exec({ session }: StartCommand, command: string): Promise<string> {
  const text = await readIfThere(world.paths.record(session))
  const { endpoint, token } = JSON.parse(text ?? '{}')
  const what = { argv: ['sh', '-c', command], timeoutMs: 5_000 }
  return (await guestClient.exec({ endpoint, token }, what, AbortSignal.timeout(8_000))).stdout
}

it(
  'a session keeps its files when its machine dies, and leaves no trace when it is saved',
  async () => {
    world = await createIgniteWorld()
    await world.prepare()
    const nats = await startNats(cleanup)
    const orchestrator = new FakeOrchestrator(await nats.connect(), await startStorage(cleanup))
    agent = await start(nats.url)
    const command = startCommand()
    await orchestrator.command('start', command)
    await orchestrator.event(command.session, 'ready')
    await exec(command, 'echo kept > file; sync')

    const [machine] = await world.driver.list()
    if (!machine) throw new Error('there is no machine')
    await endVmm(world, machine.handle)
    await until(
      'another machine has the files',
      async () => (await exec(command, 'cat file').catch(() => '')) === 'kept\n',
      60_000,
    )
    const [second] = await world.driver.list()
    expect(second && uidOf(second.handle)).not.toBe(uidOf(machine.handle))

    // Machines outlive their agent.
    await agent.stop()
    agent = await start(nats.url)
    expect((await world.driver.list()).map(({ handle }) => handle)).toEqual([second?.handle])

    const { session, epoch } = command
    const stop = { mode: 'save', reason: 'user_exit' } as const
    await orchestrator.command('stop', { opId: newOpId(), session, epoch, ...stop })
    const stopped = await orchestrator.event(session, 'stopped')
    expect(stopped).toMatchObject({ isSaved: true })
    expect(orchestrator.commits.at(-1)).toMatchObject({ kind: 'final', entries: 1 })
    expect(await tracesOf(world)).toEqual([])
  },
  TEST_MS,
)
