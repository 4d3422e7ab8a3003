import { resolve } from 'node:path'
import process from 'node:process'
import { nkeyAt } from '../nats/nkeys.ts'
import { agentUser } from '../nats/users.ts'

/** Makes the identity of one more host and prints what the server has to know of it. */
export async function natsUser(host: string, seedFile: string): Promise<void> {
  const { publicKey } = await nkeyAt(resolve(seedFile))
  process.stdout.write(`${JSON.stringify(await agentUser(host, publicKey), null, 2)}\n`)
}
