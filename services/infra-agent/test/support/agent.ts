import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { StartCommand } from '@vessel/proto/commands/start'
import { bootId, opId, projectId, projectSlug, sessionId } from '@vessel/proto/ids'
import { markOf, readProcessTable } from '../../src/drivers/process/proc-table.ts'
import { killTree } from '../../src/drivers/process/signal-tree.ts'
import { systemClock } from '../../src/host/clock.ts'
import { createPaths, type Paths } from '../../src/paths.ts'
import { type Cleanup, freePort, type Running, run, until } from './processes.ts'

const ROOT = join(import.meta.dirname, '../../../..')
const SERVICE = join(import.meta.dirname, '../..')

export interface TestAgent {
  readonly paths: Paths
  readonly routesDir: string
  readonly port: number
  start(): Promise<void>
  crash(): Promise<void>
  terminate(): Promise<void>
  output(): string
  env: Record<string, string>
}

/** The agent as a process of its own, over folders that outlive it. */
export async function createAgent(
  cleanup: Cleanup,
  natsUrl: string,
  env: Record<string, string> = {},
): Promise<TestAgent> {
  const folder = await cleanup.folder()
  const port = await freePort()
  const paths = createPaths(join(folder, 'state'))
  const routesDir = join(folder, 'routes')
  const node = process.execPath
  const guest = join(ROOT, 'services/guest-agent/src/main.ts')
  let running: Running | null = null
  const settings: Record<string, string> = {
    HOST_ID: 'h1',
    NATS_URL: natsUrl,
    STATE_DIR: paths.stateDir,
    ROUTES_DIR: routesDir,
    PORT: String(port),
    WORKSPACE_BASE_URL: 'http://localhost:8080',
    DASHBOARD_URL: 'http://localhost:3000',
    GUEST_COMMAND: JSON.stringify([node, '--conditions=development', guest]),
    IDE_COMMAND: JSON.stringify([node, join(SERVICE, 'test/support/fake-ide.mjs'), '{socket}']),
    SANDBOX_PATHS: ['node_modules', 'proto', 'services', '.toolchain', 'package.json']
      .map((name) => join(ROOT, name))
      .join(':'),
    CHECKPOINT_EVERY_MS: '600000',
    SAVE_RETRY_MS_MAX: '1000',
    DISK_MIB_KEEP_FREE: '0',
    ...env,
  }
  cleanup.add(() => endEverything(paths))
  cleanup.add(() => running?.kill())
  return {
    paths,
    routesDir,
    port,
    env: settings,
    output: () => running?.output() ?? '',
    async start() {
      const started = run(
        node,
        ['--conditions=development', join(SERVICE, 'src/main.ts')],
        settings,
      )
      running = started
      await until('the agent is ready', () => {
        if (started.child.exitCode !== null) throw new Error(`agent ended: ${started.output()}`)
        return started.output().includes('agent ready')
      })
    },
    crash: async () => running?.kill('SIGKILL'),
    terminate: async () => running?.kill('SIGTERM'),
  }
}

/** Boot ids of every process that stems from this agent's folders. */
export async function bootsAlive(paths: Paths): Promise<string[]> {
  const table = await readProcessTable()
  const own = table.filter((row) => row.environ.includes(paths.vmsDir))
  return [...new Set(own.map(markOf).filter((mark) => mark !== null))]
}

async function endEverything(paths: Paths): Promise<void> {
  for (const boot of await bootsAlive(paths)) await killTree(boot, systemClock)
}

export function startCommand(overrides: Partial<StartCommand> = {}): StartCommand {
  return {
    opId: opId.parse(randomUUID()),
    session: sessionId.parse(randomUUID()),
    project: projectId.parse(randomUUID()),
    slug: projectSlug.parse('demo'),
    epoch: 1,
    spec: { cpuCount: 1, memoryMib: 256, diskMib: 256 },
    archive: null,
    git: null,
    ignore: [],
    environment: {},
    ticketKeys: [{ kid: 'k1', kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) }],
    leaseMs: 30_000,
    bootDeadlineMs: 60_000,
    ...overrides,
  }
}

export const newOpId = () => opId.parse(randomUUID())
export const newBootId = () => bootId.parse(randomUUID())
export const isThere = (path: string): boolean => existsSync(path)
