import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { buildDashboard } from '@vessel/local-stack/parts/services/build-dashboard'
import { until } from '../../e2e/support/until.ts'
import { MockLevers } from './mock-levers.ts'

const MOCK = fileURLToPath(new URL('../../../dashboard/mock/main.ts', import.meta.url))
const START_MS = 60_000

/** The built dashboard in front of the API from memory. */
export interface Site {
  readonly url: string
  readonly mock: MockLevers
  close(): Promise<void>
}

interface Child {
  readonly process: ChildProcess
  readonly lines: string[]
}

function run(args: readonly string[], env: Readonly<Record<string, string>>): Child {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, NODE_OPTIONS: '--disable-warning=ExperimentalWarning', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => lines.push(line))
  }
  return { process: child, lines }
}

async function end({ process: child }: Child): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}

/** Next wants to be told its port; the system knows one that is free. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function startMock(): Promise<{ child: Child; apiPort: number; workspacePort: number }> {
  const child = run(['--conditions=development', MOCK], {
    MOCK_API_PORT: '0',
    MOCK_WORKSPACE_PORT: '0',
  })
  await until('the mock to listen', () => child.lines.some((line) => line[0] === '{'), START_MS)
  const ports = JSON.parse(child.lines.find((line) => line[0] === '{') ?? '')
  return { child, ...(ports as { apiPort: number; workspacePort: number }) }
}

export async function startSite(): Promise<Site> {
  const script = await buildDashboard({ say: () => undefined, signal: undefined })
  const mock = await startMock()
  const port = await freePort()
  const apiUrl = `http://localhost:${mock.apiPort}`
  const server = run([script], {
    NODE_ENV: 'production',
    HOSTNAME: '127.0.0.1',
    PORT: String(port),
    API_URL: apiUrl,
    SUPABASE_URL: apiUrl,
    SUPABASE_ANON_KEY: 'anon',
    WORKSPACE_BASE_URL: `http://localhost:${mock.workspacePort}`,
  })
  const close = async (): Promise<void> => {
    await Promise.all([end(server), end(mock.child)])
  }
  const url = `http://localhost:${port}`
  try {
    const isReady = async () => (await fetch(`${url}/readyz`)).ok
    await until('the dashboard to be ready', isReady, START_MS)
  } catch (cause) {
    await close()
    throw new Error(`the dashboard did not start:\n${server.lines.join('\n')}`, { cause })
  }
  return { url, mock: new MockLevers(apiUrl), close }
}
