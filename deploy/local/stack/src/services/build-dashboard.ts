import { createHash } from 'node:crypto'
import { cp, readdir, readFile, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import process from 'node:process'
import { withFileLock } from '../cache/file-lock.ts'
import { installOnce } from '../cache/install-once.ts'
import { pruneFolders } from '../cache/prune.ts'
import { cacheFolder, inRepository, REPOSITORY } from '../paths.ts'
import { type Job, runTool } from '../process/run-tool.ts'

const BUILD_TIMEOUT_MS = 10 * 60_000
/** Made by tools, or of no consequence for what is built. */
const NOT_SOURCE = new Set(['node_modules', '.next', 'dist', 'test', 'mock', 'next-env.d.ts'])
const HASH_CHARS = 20
/** About 45 MB each; a few branches side by side want one each. */
const BUILDS_KEPT = 5

async function sourceFiles(folder: string): Promise<string[]> {
  const found: string[] = []
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (NOT_SOURCE.has(entry.name) || entry.name.includes('.test.')) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) found.push(...(await sourceFiles(path)))
    else if (entry.isFile()) found.push(path)
  }
  return found
}

/** One name for everything a build depends on. */
async function sourceHash(): Promise<string> {
  const files = [
    ...(await sourceFiles(inRepository('dashboard'))),
    ...(await sourceFiles(inRepository('proto/src'))),
    inRepository('package-lock.json'),
  ]
  const hash = createHash('sha256').update(process.version)
  for (const file of files.sort()) {
    hash.update(`\0${relative(REPOSITORY, file)}\0`).update(await readFile(file))
  }
  return hash.digest('hex').slice(0, HASH_CHARS)
}

/** Builds the dashboard once per state of its sources; returns the script that serves it. */
export async function buildDashboard({ say, signal }: Job): Promise<string> {
  const folder = cacheFolder('dashboard', await sourceHash())
  await installOnce({
    folder,
    onWait: () => say('another process is building the dashboard; waiting for it'),
    fill: async (temporary) => {
      say('building the dashboard (once per change of its sources)')
      const lock = inRepository('node_modules', '.vessel-dashboard-build.lock')
      await withFileLock({ file: lock }, () => buildInto(temporary, signal))
      await pruneFolders(cacheFolder('dashboard'), BUILDS_KEPT)
    },
  })
  return join(folder, 'dashboard', 'server.js')
}

async function buildInto(temporary: string, signal: AbortSignal | undefined): Promise<void> {
  const dashboard = inRepository('dashboard')
  await runTool({
    command: process.execPath,
    args: [inRepository('node_modules/next/dist/bin/next'), 'build'],
    cwd: dashboard,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_OPTIONS: '', NODE_ENV: 'production' },
    timeoutMs: BUILD_TIMEOUT_MS,
    signal,
  })
  const built = join(dashboard, '.next')
  // Links inside point within the tree; taken as they are they stay right after the rename.
  await cp(join(built, 'standalone'), temporary, { recursive: true, verbatimSymlinks: true })
  await cp(join(built, 'static'), join(temporary, 'dashboard', '.next', 'static'), {
    recursive: true,
  })
  await cp(join(dashboard, 'public'), join(temporary, 'dashboard', 'public'), {
    recursive: true,
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
  await rm(join(built, 'standalone'), { recursive: true, force: true })
}
