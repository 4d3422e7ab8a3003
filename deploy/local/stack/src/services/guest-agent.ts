import { copyFile, mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { inRepository } from '../paths.ts'
import { runTool } from '../process/run-tool.ts'

const BUILD_TIMEOUT_MS = 60_000

/**
 * Bundles the guest agent into the state dir. A session keeps running the file it started with;
 * the rename gives new sessions the new one.
 */
export async function buildGuestAgent(
  stateDir: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  await runTool({
    command: process.execPath,
    args: ['build.mjs'],
    cwd: inRepository('services/guest-agent'),
    env: process.env,
    timeoutMs: BUILD_TIMEOUT_MS,
    signal,
  })
  const folder = join(stateDir, 'guest-agent')
  const file = join(folder, 'guest-agent.mjs')
  await mkdir(folder, { recursive: true })
  await copyFile(inRepository('services/guest-agent/dist/guest-agent.mjs'), `${file}.new`)
  await rename(`${file}.new`, file)
  return file
}
