import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { ephemeralPorts, portsFrom, requireFree } from '../src/ports/ports.ts'

const servers: Server[] = []

async function occupy(): Promise<number> {
  const server = createServer()
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

describe('ports', () => {
  it('are the usual ones unless the environment says otherwise', () => {
    const ports = portsFrom({ VESSEL_PORT_API: '4100' })
    expect(ports).toMatchObject({ dashboard: 3000, orchestrator: 4100, redis: 6380 })
  })

  it.each(['0', '65536', 'x', '80.5'])('cannot be %s', (port) => {
    expect(() => portsFrom({ VESSEL_PORT_API: port })).toThrow(`VESSEL_PORT_API=${port}`)
  })

  it('of a test are all different and free', async () => {
    const ports = await ephemeralPorts()
    expect(new Set(Object.values(ports)).size).toBe(Object.keys(ports).length)
    await requireFree(ports)
  })

  it('that are taken are all named, with who uses them and what changes them', async () => {
    const [api, gateway] = [await occupy(), await occupy()]
    const ports = { ...(await ephemeralPorts()), orchestrator: api, gateway }
    const error = await requireFree(ports).catch((thrown: Error) => thrown)
    const who = `is used by pid ${process.pid} \\(.+\\)`
    const text = (error as Error).message
    expect(text).toMatch(new RegExp(`port ${api} for the orchestrator ${who}.*VESSEL_PORT_API`))
    expect(text).toMatch(new RegExp(`port ${gateway} for the gateway ${who}`))
  })

  it('that are given twice are refused', async () => {
    const ports = await ephemeralPorts()
    const twice = { ...ports, nats: ports.redis }
    await expect(requireFree(twice)).rejects.toThrow('given to both')
  })
})
