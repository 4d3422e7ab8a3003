import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { type Cleanup, freePort, type Running, run, until } from './processes.ts'

export interface NatsServer {
  readonly url: string
  /** SIGKILL, as a crash would. */
  crash(): Promise<void>
  start(): Promise<void>
  connect(options?: Parameters<typeof connect>[0]): Promise<NatsConnection>
}

/** A real nats-server with file storage on a free port. */
export async function startNats(cleanup: Cleanup, extraConfig = ''): Promise<NatsServer> {
  const folder = await cleanup.folder()
  const port = await freePort()
  const config = join(folder, 'nats.conf')
  await writeFile(
    config,
    `listen: "127.0.0.1:${port}"\njetstream { store_dir: "${folder}/js" }\n${extraConfig}\n`,
  )
  const url = `nats://127.0.0.1:${port}`
  let server: Running | null = null
  const start = async () => {
    const started = run('nats-server', ['-c', config])
    server = started
    await until('nats-server is up', () => started.output().includes('Server is ready'))
  }
  await start()
  cleanup.add(() => server?.kill())
  return {
    url,
    start,
    crash: async () => server?.kill('SIGKILL'),
    async connect(options = {}) {
      const connection = await connect({
        servers: url,
        maxReconnectAttempts: -1,
        reconnectTimeWait: 100,
        ...options,
      })
      cleanup.add(() => connection.close())
      return connection
    },
  }
}
