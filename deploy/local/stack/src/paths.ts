import { homedir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

/** Root of this checkout. */
export const REPOSITORY = fileURLToPath(new URL('../../../../', import.meta.url)).replace(/\/$/, '')

export function inRepository(...parts: readonly string[]): string {
  return join(REPOSITORY, ...parts)
}

/** What is downloaded or built once per version and shared by every checkout of this user. */
export function cacheFolder(...parts: readonly string[]): string {
  const base = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
  return join(base, 'vessel', ...parts)
}
