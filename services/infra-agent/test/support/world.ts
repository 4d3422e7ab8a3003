import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StartCommand } from '@vessel/proto/commands/start'
import type { StepName } from '@vessel/proto/steps'
import { createAgent, newOpId, type TestAgent } from './agent.ts'
import { type NatsServer, startNats } from './nats-server.ts'
import { FakeOrchestrator } from './orchestrator.ts'
import { Cleanup, until } from './processes.ts'
import { type Storage, startStorage } from './storage.ts'

/** One host with all its neighbours, real where they are not ours. */
export interface World {
  readonly cleanup: Cleanup
  readonly nats: NatsServer
  readonly storage: Storage
  readonly orchestrator: FakeOrchestrator
  readonly agent: TestAgent
  boot(command: StartCommand): Promise<void>
  stop(command: StartCommand, mode?: 'save' | 'discard'): Promise<void>
  /** Kills the agent as soon as its own spool says that the step has begun. */
  crashAt(command: StartCommand, step: StepName): Promise<void>
}

export async function createWorld(env: Record<string, string> = {}): Promise<World> {
  const cleanup = new Cleanup()
  try {
    const nats = await startNats(cleanup)
    const storage = await startStorage(cleanup)
    const orchestrator = new FakeOrchestrator(await nats.connect(), storage)
    const agent = await createAgent(cleanup, nats.url, env)
    await agent.start()
    return {
      ...{ cleanup, nats, storage, orchestrator, agent },
      async boot(command) {
        await orchestrator.command('start', command)
        await orchestrator.event(command.session, 'ready')
      },
      async stop({ session, epoch }, mode = 'save') {
        const reason = mode === 'save' ? 'user_exit' : 'user_discard'
        const opId = newOpId()
        await orchestrator.command('stop', { opId, session, epoch, mode, reason })
      },
      async crashAt({ session }, step) {
        const begun = `"step":"${step}","state":"started"`
        await until(`step ${step} has begun`, () => {
          return spoolText(agent.paths.spoolOf(session)).includes(begun)
        })
        await agent.crash()
      },
    }
  } catch (thrown) {
    await cleanup.run()
    throw thrown
  }
}

/** What an agent has written of a session and not yet given back. */
export function spoolText(folder: string): string {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ndjson'))
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('')
  } catch {
    // Not there yet.
    return ''
  }
}
