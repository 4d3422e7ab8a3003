import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

export interface SourceFile {
  /** Path from the root of the repository. */
  readonly path: string
  readonly text: string
}

/** What git tracks or would track: generated and ignored files are nobody's style. */
export function trackedPaths(): string[] {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
  })
  return listed.split('\n').filter((path) => path !== '' && existsSync(ROOT + path))
}

export function readSource(path: string): SourceFile {
  return { path, text: readFileSync(ROOT + path, 'utf8') }
}

export const isTest = (path: string): boolean =>
  /\.test\.tsx?$|(^|\/)(test|tests|mock)\//.test(path)

export const isCode = (path: string): boolean =>
  /\.(ts|tsx|mjs)$/.test(path) && !path.endsWith('.d.ts') && !path.startsWith('deploy/templates/')
