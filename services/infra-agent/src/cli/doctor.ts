import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { access, mkdir } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'
import { promisify } from 'node:util'
import type { Config } from '../config.ts'
import { probeSandbox } from '../drivers/process/sandbox.ts'
import { diskSpace } from '../host/capacity.ts'

const run = promisify(execFile)

export interface Finding {
  readonly check: string
  readonly isOk: boolean
  /** What was found, and what to do when it is not as it should be. */
  readonly detail: string
}

async function finds(check: string, look: () => Promise<string>): Promise<Finding> {
  try {
    return { check, isOk: true, detail: await look() }
  } catch (thrown) {
    const detail = thrown instanceof Error ? thrown.message : String(thrown)
    return { check, isOk: false, detail: detail.slice(0, 500) }
  }
}

async function findProgram(name: string, path: string): Promise<string> {
  const places = isAbsolute(name) ? [name] : path.split(delimiter).map((place) => join(place, name))
  for (const place of places) {
    const isThere = await access(place, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (isThere) return place
  }
  throw new Error(`${name} is not on PATH: install it or name it in full`)
}

/** What the process driver needs of this host, each with its remedy. */
export async function examine(config: Config, path: string): Promise<Finding[]> {
  return Promise.all([
    finds('guest agent', () => findProgram(config.GUEST_COMMAND[0] ?? '', path)),
    finds('VS Code', () => findProgram(config.IDE_COMMAND[0] ?? '', path)),
    finds('nice and prlimit', async () => {
      await run('nice', ['prlimit', '--version'])
      return 'found'
    }),
    finds('sandbox', async () => {
      if (config.SANDBOX === 'off') return 'switched off: sessions see the whole host'
      const { works, detail } = await probeSandbox()
      if (works) return detail
      throw new Error(`${detail}. Install bubblewrap, or allow user namespaces`)
    }),
    finds('state folder', async () => {
      await mkdir(config.STATE_DIR, { recursive: true, mode: 0o700 })
      await access(config.STATE_DIR, constants.W_OK)
      const { freeMib } = await diskSpace(config.STATE_DIR)
      if (freeMib > config.DISK_MIB_KEEP_FREE) return `${freeMib} MiB free`
      throw new Error(`${freeMib} MiB free: free some, or lower DISK_MIB_KEEP_FREE`)
    }),
    finds('route folder', async () => {
      await mkdir(config.ROUTES_DIR, { recursive: true })
      await access(config.ROUTES_DIR, constants.W_OK)
      return 'writable'
    }),
  ])
}
