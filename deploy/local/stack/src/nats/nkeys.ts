import { chmod, readFile, writeFile } from 'node:fs/promises'
import { createUser, fromSeed } from '@nats-io/nkeys'

/** An identity on the bus: the seed lies in a file of its own, the server knows the public key. */
export interface Nkey {
  readonly seedFile: string
  readonly publicKey: string
}

/** Reads the key in this file, or makes one. The seed never leaves the file. */
export async function nkeyAt(seedFile: string): Promise<Nkey> {
  const stored = await readFile(seedFile).catch(() => null)
  if (stored) {
    const seed = new TextEncoder().encode(String(stored).trim())
    return { seedFile, publicKey: fromSeed(seed).getPublicKey() }
  }
  const pair = createUser()
  await writeFile(seedFile, `${new TextDecoder().decode(pair.getSeed())}\n`, { mode: 0o600 })
  await chmod(seedFile, 0o600)
  return { seedFile, publicKey: pair.getPublicKey() }
}
