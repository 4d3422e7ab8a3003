import { once } from 'node:events'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { createGateway } from '../src/gateway.ts'
import { openRouteFolder, type RouteFolder } from '../src/routes/route-folder.ts'

export async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** A port that nobody listens on: it was ours a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer()
  const port = await listen(server)
  server.close()
  await once(server, 'close')
  return port
}

/** Everything a test starts, released in reverse order even when the test fails. */
export class Cleanup {
  readonly #releases: (() => unknown)[] = []

  add(release: () => unknown): void {
    this.#releases.push(release)
  }

  async run(): Promise<void> {
    for (const release of this.#releases.splice(0).reverse()) await release()
  }
}

export async function startServer(cleanup: Cleanup, listener: RequestListener) {
  const server = createServer(listener)
  const port = await listen(server)
  cleanup.add(() => {
    server.closeAllConnections()
    server.close()
  })
  return { server, port, url: `http://127.0.0.1:${port}` }
}

export interface TestGateway {
  readonly port: number
  readonly dir: string
  readonly routes: RouteFolder
  readonly logLines: { msg: string; file?: string; fault?: string }[]
  write(file: string, content: string | object): Promise<void>
}

export async function startGateway(cleanup: Cleanup): Promise<TestGateway> {
  const dir = await mkdtemp(join(tmpdir(), 'vessel-gateway-'))
  cleanup.add(() => rm(dir, { recursive: true, force: true }))
  const logLines: TestGateway['logLines'] = []
  const log = pino({ level: 'info' }, { write: (line) => void logLines.push(JSON.parse(line)) })
  const routes = await openRouteFolder(dir, log)
  const gateway = createGateway({ routes, log })
  cleanup.add(async () => {
    await gateway.close()
    await routes.close()
  })
  const port = await listen(gateway.server)
  return {
    port,
    dir,
    routes,
    logLines,
    async write(file, content) {
      const text = typeof content === 'string' ? content : JSON.stringify(content)
      await writeFile(join(dir, `.${file}.tmp`), text)
      await rename(join(dir, `.${file}.tmp`), join(dir, file))
    },
  }
}

type RouteParts = [name: string, host: string, serviceUrl: string, authUrl?: string]

/** What the agent writes for one workspace; JSON is YAML too. */
export function routesOf(...[name, host, serviceUrl, authUrl]: RouteParts) {
  const guard = `${name}-auth`
  return {
    http: {
      routers: {
        [name]: {
          rule: `Host(\`${host}\`)`,
          service: name,
          ...(authUrl ? { middlewares: [guard] } : {}),
        },
      },
      services: { [name]: { loadBalancer: { servers: [{ url: serviceUrl }] } } },
      ...(authUrl
        ? {
            middlewares: {
              [guard]: {
                forwardAuth: {
                  address: authUrl,
                  trustForwardHeader: false,
                  authResponseHeaders: ['x-vessel-guest-token', 'x-vessel-target', 'cookie'],
                },
              },
            },
          }
        : {}),
    },
  }
}

export interface RawReply {
  readonly status: number
  readonly text: string
}

/** Sends bytes as they are: what a polite client would never send. */
export async function sendRaw(port: number, lines: readonly string[]): Promise<RawReply> {
  const socket = connect(port, '127.0.0.1')
  socket.setTimeout(10_000, () => socket.destroy(new Error('no answer')))
  socket.write(lines.join('\r\n'))
  const parts: Buffer[] = []
  for await (const part of socket as AsyncIterable<Buffer>) parts.push(part)
  const text = Buffer.concat(parts).toString('latin1')
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text }
}

/** GETs by Host header; `fetch` would not let us set it. */
export async function get(port: number, host: string, headers: readonly string[] = []) {
  const path = host.includes('/') ? host.slice(host.indexOf('/')) : '/'
  return sendRaw(port, [
    `GET ${path} HTTP/1.1`,
    `Host: ${host.split('/')[0]}`,
    ...headers,
    'Connection: close',
    '',
    '',
  ])
}

/** Polls until the condition holds; tests never wait for a time. */
export async function until(what: string, isTrue: () => boolean | Promise<boolean>) {
  const deadline = performance.now() + 8_000
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`not in time: ${what}`)
    await sleep(20)
  }
}

export const HOST = 'p1.localhost'
