import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, normalize } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface GitServer {
  readonly url: string
  /** What clients showed to get in. */
  readonly credentials: readonly string[]
  stop(): Promise<void>
}

export interface GitServerOptions {
  /** A folder of the test's own. */
  readonly folder: string
  /** Whoever does not show this is refused. */
  readonly token?: string
}

const IDENTITY = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com']

async function makeRepository(folder: string): Promise<string> {
  const work = join(folder, 'work')
  const bare = join(folder, 'served.git')
  await mkdir(work, { recursive: true })
  const git = (...args: string[]) => run('git', [...IDENTITY, ...args], { cwd: work })
  await git('init', '-q', '-b', 'main')
  await writeFile(join(work, 'README.md'), 'from the repository\n')
  await writeFile(join(work, 'run.sh'), '#!/bin/sh\necho ran\n', { mode: 0o755 })
  await git('add', '.')
  await git('commit', '-qm', 'first')
  await git('checkout', '-qb', 'other')
  await writeFile(join(work, 'other.txt'), 'of the other branch\n')
  await git('add', '.')
  await git('commit', '-qm', 'second')
  await git('checkout', '-q', 'main')
  await run('git', ['clone', '-q', '--bare', work, bare])
  await run('git', ['update-server-info'], { cwd: bare })
  return bare
}

function isAllowed(request: IncomingMessage, token: string | undefined): boolean {
  if (token === undefined) return true
  const [, secret = ''] = (request.headers.authorization ?? '').split(' ')
  return Buffer.from(secret, 'base64').toString().endsWith(`:${token}`)
}

/** A repository of two branches behind real HTTP, in git's protocol of plain files. */
export async function startGitServer({ folder, token }: GitServerOptions): Promise<GitServer> {
  const bare = await makeRepository(folder)
  const credentials: string[] = []
  const server = createServer(async (request, response) => {
    if (request.headers.authorization) credentials.push(request.headers.authorization)
    if (!isAllowed(request, token)) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end()
      return
    }
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const path = normalize(pathname).replace(/^\/served\.git\//, '')
    const content = await readFile(join(bare, path)).catch(() => null)
    response.writeHead(content ? 200 : 404).end(content ?? '')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/served.git`,
    credentials,
    async stop() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
