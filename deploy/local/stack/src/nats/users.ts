import { readFile } from 'node:fs/promises'
import { hostId } from '@vessel/proto/ids'
import { z } from 'zod'
import { inRepository } from '../paths.ts'

const rules = z.strictObject({ allow: z.array(z.string()) })
const permissions = z.strictObject({ publish: rules, subscribe: rules })
const permissionsFile = z.strictObject({ agent: permissions, orchestrator: permissions })

/** A user block of the server's configuration. */
export interface NatsUser {
  readonly nkey: string
  readonly permissions: z.infer<typeof permissions>
}

/** Stands in inbox names where a host id stands for agents, so no host may be called so. */
export const ORCHESTRATOR_INBOX = 'orch'

async function readPermissions() {
  const text = await readFile(inRepository('deploy/nats/permissions.json'), 'utf8')
  return permissionsFile.parse(JSON.parse(text))
}

/** What an agent may do, and nothing beyond its own host. */
export async function agentUser(host: string, nkey: string): Promise<NatsUser> {
  const id = hostId.parse(host)
  if (id === ORCHESTRATOR_INBOX) throw new Error(`a host cannot be called ${ORCHESTRATOR_INBOX}`)
  const { agent } = await readPermissions()
  const fill = (subjects: readonly string[]) => subjects.map((s) => s.replaceAll('{host}', id))
  return {
    nkey,
    permissions: {
      publish: { allow: fill(agent.publish.allow) },
      subscribe: { allow: fill(agent.subscribe.allow) },
    },
  }
}

export async function orchestratorUser(nkey: string): Promise<NatsUser> {
  return { nkey, permissions: (await readPermissions()).orchestrator }
}
