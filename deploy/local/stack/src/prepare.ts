import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { nkeyAt } from './nats/nkeys.ts'
import { renderNatsConfig } from './nats/render-config.ts'
import { agentUser, orchestratorUser } from './nats/users.ts'
import { inRepository } from './paths.ts'
import type { Ports } from './ports/ports.ts'
import { HOST_ID, type Made, type StoreKeys } from './services/specs.ts'
import type { StackUrls } from './stack-options.ts'
import { renderFile } from './state/render.ts'
import { randomPassword, type StateDir, secretAt } from './state/state-dir.ts'

/** Browsers come by these names: `localhost`, so that workspaces are its subdomains. */
export function urlsOf(ports: Ports): StackUrls {
  return {
    dashboard: `http://localhost:${ports.dashboard}`,
    api: `http://localhost:${ports.orchestrator}`,
    workspaces: `http://localhost:${ports.gateway}`,
    supabase: `http://localhost:${ports.supabase}`,
    nats: `nats://127.0.0.1:${ports.nats}`,
    redis: `redis://127.0.0.1:${ports.redis}`,
    agent: `http://127.0.0.1:${ports.agent}`,
    gatewayAdmin: `http://127.0.0.1:${ports.gatewayAdmin}`,
  }
}

/** Makes keys, once, and writes the configuration files of the servers that are not ours. */
export async function prepare(state: StateDir, ports: Ports): Promise<Made> {
  const orchestrator = await nkeyAt(state.secretFile('orchestrator.nk'))
  const agent = await nkeyAt(state.secretFile(`agent-${HOST_ID}.nk`))
  await renderNatsConfig({
    target: join(state.folder('nats'), 'nats.conf'),
    listen: `127.0.0.1:${ports.nats}`,
    storeDir: join(state.folder('nats'), 'store'),
    users: [
      await orchestratorUser(orchestrator.publicKey),
      await agentUser(HOST_ID, agent.publicKey),
    ],
  })

  const redisPassword = await secretAt(state.secretFile('redis-password'), randomPassword)
  await renderFile({
    template: inRepository('deploy/redis/redis.conf.template'),
    target: join(state.folder('redis'), 'redis.conf'),
    values: { PORT: String(ports.redis), PASSWORD: redisPassword, DIR: state.folder('redis') },
  })
  const ticketKeyFile = state.secretFile('ticket-keys.json')
  await secretAt(ticketKeyFile, makeTicketKeys)
  return {
    redisPassword,
    redisUrl: `redis://:${redisPassword}@127.0.0.1:${ports.redis}`,
    orchestratorNkeyFile: orchestrator.seedFile,
    agentNkeyFile: agent.seedFile,
    ticketKeyFile,
  }
}

/** What tickets are signed with: one Ed25519 key, as the orchestrator reads it. */
function makeTicketKeys(): string {
  const { privateKey } = generateKeyPairSync('ed25519')
  const { kty, crv, x, d } = privateKey.export({ format: 'jwk' })
  return JSON.stringify({ keys: [{ kid: randomUUID(), kty, crv, x, d }] })
}

const storeKeys = z.object({ anonKey: z.string(), serviceRoleKey: z.string() })

/** The stand-in makes its keys at its first start and leaves them here. */
export async function readStoreKeys(state: StateDir): Promise<StoreKeys> {
  return storeKeys.parse(
    JSON.parse(await readFile(join(state.folder('supabase'), 'keys.json'), 'utf8')),
  )
}
