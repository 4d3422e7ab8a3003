import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import process from 'node:process'
import { pino } from 'pino'
import { createAdmin } from './admin.ts'
import { readConfig } from './config.ts'
import { createGateway } from './gateway.ts'
import { openRouteFolder } from './routes/route-folder.ts'

async function listen(server: Server, host: string, port: number): Promise<AddressInfo> {
  server.listen(port, host)
  await once(server, 'listening')
  return server.address() as AddressInfo
}

const config = readConfig(process.env)
const log = pino({ level: config.logLevel, base: { service: 'gateway' } })
const routes = await openRouteFolder(config.routesDir, log)
const gateway = createGateway({ routes, log })
const admin = createAdmin(routes)

const { port } = await listen(gateway.server, config.host, config.port)
const { port: adminPort } = await listen(admin, config.adminHost, config.adminPort)
log.info({ port, adminPort, routesDir: config.routesDir }, 'gateway listening')

async function stop(): Promise<void> {
  admin.close()
  admin.closeAllConnections()
  await Promise.all([gateway.close(), routes.close()])
  log.info('gateway stopped')
}
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop())
