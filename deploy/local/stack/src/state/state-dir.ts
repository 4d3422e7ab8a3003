import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const FOLDERS = ['nats', 'redis', 'supabase', 'agent', 'routes', 'logs', 'secrets'] as const

export interface StateDir {
  readonly root: string
  folder(name: (typeof FOLDERS)[number]): string
  secretFile(name: string): string
}

/** The folder a stack keeps everything in, readable by this user only. */
export async function openStateDir(root: string): Promise<StateDir> {
  await mkdir(root, { recursive: true, mode: 0o700 })
  for (const name of FOLDERS) await mkdir(join(root, name), { recursive: true, mode: 0o700 })
  return {
    root,
    folder: (name) => join(root, name),
    secretFile: (name) => join(root, 'secrets', name),
  }
}

/** A secret that is made once and then stays. */
export async function secretAt(file: string, make: () => string | Promise<string>) {
  const stored = await readFile(file, 'utf8').catch(() => null)
  if (stored?.trim()) return stored.trim()
  const secret = await make()
  await writeFile(file, `${secret}\n`, { mode: 0o600 })
  return secret
}

/** Hard to guess, easy to type: letters and digits only. */
export function randomPassword(bytes = 15): string {
  return randomBytes(bytes).toString('hex')
}
