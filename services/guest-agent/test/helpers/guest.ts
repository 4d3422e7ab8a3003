import { createHash, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  GUEST_ROUTES,
  type GuestConfig,
  type GuestHealth,
  guestHealth,
  type HydrateProgress,
  hydrateProgress,
} from '@vessel/proto/guest/api'
import { HEADERS } from '@vessel/proto/headers'
import { parseJson } from '@vessel/proto/parse'
import { createGuestAgent } from '../../src/agent.ts'
import { type Answer, type Ask, ask } from './http.ts'

export interface TestGuest {
  readonly config: GuestConfig
  readonly port: number
  readonly root: string
  call(wanted: Omit<Ask, 'port'>): Promise<Answer>
  health(): Promise<GuestHealth>
  /** The lines of the answer; a refusal before the first line is thrown as the answer. */
  hydrate(archive: Uint8Array, headers?: Record<string, string>): Promise<HydrateProgress[]>
  pack(body?: object): Promise<Answer>
  preview(body?: object): Promise<Answer>
  /** Ends the agent and starts another on the same folders. */
  restart(): Promise<void>
  stop(): Promise<void>
}

export async function makeRoot(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'vg-'))
}

export function makeConfig(root: string, change: Partial<GuestConfig> = {}): GuestConfig {
  return {
    listen: { host: '127.0.0.1', port: 0 },
    token: randomBytes(24).toString('hex'),
    workspaceDir: join(root, 'workspace'),
    homeDir: join(root, 'home'),
    stateDir: join(root, 'state'),
    ide: { command: ['/bin/false'], healthPath: '/healthz' },
    environment: {},
    ...change,
  }
}

export const sha256Of = (data: Uint8Array): string =>
  createHash('sha256').update(data).digest('hex')

/** A guest agent in this process, on an ephemeral port, in folders of its own. */
export async function startGuest(change: Partial<GuestConfig> = {}): Promise<TestGuest> {
  const root = await makeRoot()
  const config = makeConfig(root, change)
  await mkdir(config.stateDir, { recursive: true })
  const build = () =>
    createGuestAgent({
      config,
      now: () => new Date(),
      host: {
        ...{ pid: process.pid, uid: process.getuid?.() ?? 0, user: 'tester' },
        ...{ path: process.env.PATH, temporaryDir: tmpdir() },
      },
      logger: { error: () => undefined },
    })
  let agent = await build()
  let { port } = await agent.start()

  const call = (wanted: Omit<Ask, 'port'>): Promise<Answer> =>
    ask({ ...wanted, port, headers: { [HEADERS.guestToken]: config.token, ...wanted.headers } })

  return {
    config,
    root,
    get port() {
      return port
    },
    call,
    health: async () => parseJson(guestHealth, (await call(GUEST_ROUTES.health)).body),
    hydrate: async (archive, headers = {}) => {
      const answer = await call({
        ...GUEST_ROUTES.hydrate,
        headers: {
          'content-length': archive.length,
          [HEADERS.archiveFormat]: 'zip',
          [HEADERS.sha256]: sha256Of(archive),
          ...headers,
        },
        body: archive,
      })
      if (answer.status !== 200) throw answer
      return answer.text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => parseJson(hydrateProgress, line))
    },
    pack: (body = { format: 'zip' }) => call({ ...GUEST_ROUTES.pack, body: JSON.stringify(body) }),
    preview: (body = {}) => call({ ...GUEST_ROUTES.preview, body: JSON.stringify(body) }),
    restart: async () => {
      await agent.stop()
      agent = await build()
      port = (await agent.start()).port
    },
    stop: async () => {
      await agent.stop()
      await rm(root, { recursive: true, force: true })
    },
  }
}

/** The code a hydrate ended with, or `done`. */
export function endOf(lines: readonly HydrateProgress[]): string {
  const last = lines.at(-1)
  return last?.type === 'error' ? last.error.code : (last?.type ?? 'nothing')
}
