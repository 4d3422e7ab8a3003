import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { VesselError } from '@vessel/proto/errors'
import type { GitSource } from '@vessel/proto/git'
import { spawnGroup, stopGroup } from '../ide/process-group.ts'
import { createLineSplitter } from '../stream/line-splitter.ts'
import { measureTree } from '../workspace/measure-tree.ts'
import type { Clone } from '../workspace/workspace.ts'
import { cloneProgress, isFinal } from './clone-progress.ts'
import { gitEnvironment } from './git-environment.ts'

const SAID_LINES_MAX = 5
const RETURN = 0x0d
const NEWLINE = 0x0a

export interface CloneDeps {
  /** What programs of the user start with. */
  readonly environment: Readonly<Record<string, string>>
  /** A line for the boot log. */
  readonly say: (text: string) => void
}

/** Clones as the workspace's user, into the empty folder of the workspace. */
export function createClone({ environment, say }: CloneDeps): Clone {
  return async (source, { dir, onProgress, signal }) => {
    const { url, ref } = source
    const branch = ref === null ? [] : ['--branch', ref]
    const argv = ['git', 'clone', '--progress', ...branch, '--', url, '.']
    say(`cloning ${withoutUser(url)}${ref === null ? '' : `, ${ref}`}`)
    const env = { ...environment, ...gitEnvironment(source) }
    const child = spawnGroup({ argv, cwd: dir, env })
    const said: string[] = []
    const hide = hiding(source)
    follow(child, (line) => {
      const progress = cloneProgress(line)
      if (progress) onProgress(progress)
      if (!isFinal(line)) return
      const shown = hide(line)
      said.push(shown)
      say(shown)
    })
    await ended(child, said, signal)
    return measureTree(dir)
  }
}

/** git rewrites its counting lines with carriage returns. */
function follow(child: ChildProcess, onLine: (line: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    const lines = createLineSplitter(
      (line) => line.trim() !== '' && onLine(line.trim()),
      () => performance.now(),
    )
    stream?.on('data', (chunk: Buffer) => {
      lines.push(Buffer.from(chunk.map((byte) => (byte === RETURN ? NEWLINE : byte))))
    })
    stream?.once('end', () => lines.end())
  }
}

async function ended(child: ChildProcess, said: string[], signal: AbortSignal): Promise<void> {
  const { pid } = child
  const stop = () => pid !== undefined && void stopGroup(pid)
  signal.addEventListener('abort', stop, { once: true })
  try {
    const [code] = await once(child, 'close')
    signal.throwIfAborted()
    if (code === 0) return
    const detail = said.slice(-SAID_LINES_MAX).join(' ')
    throw new VesselError('CLONE_FAILED', { detail: detail || `git ended with code ${code}` })
  } catch (thrown) {
    const isMissing = thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT'
    if (!isMissing) throw thrown
    throw new VesselError('CLONE_FAILED', { detail: 'git is not installed in the machine' })
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

function withoutUser(url: string): string {
  const shown = new URL(url)
  shown.username = ''
  return shown.href
}

/** git does not print it; a server's answer might. */
function hiding({ token }: GitSource): (line: string) => string {
  return (line) => (token === null ? line : line.replaceAll(token, '***'))
}
