import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { GUEST_ROUTES } from '@vessel/proto/guest/api'
import { HEADERS } from '@vessel/proto/headers'
import { WebSocket, WebSocketServer } from 'ws'
import { startGuest, type TestGuest } from './helpers/guest.ts'
import { until } from './helpers/until.ts'

/** Real processes on a machine that others use, too. */
jest.setTimeout(60_000)

const ADA = randomUUID()
const EVE = randomUUID()

describe('what a visitor has open', () => {
  let guest: TestGuest
  let program: Server
  let sockets: WebSocketServer
  let headersSeen: string[] = []
  beforeEach(async () => {
    guest = await startGuest()
    program = createServer((_, response) => void response.write('a long download'))
    sockets = new WebSocketServer({ server: program })
    headersSeen = []
    sockets.on('connection', (socket, { rawHeaders }) => {
      headersSeen.push(...rawHeaders)
      socket.on('message', (data) => socket.send(data))
    })
    program.listen(0, '127.0.0.1')
    await once(program, 'listening')
  })
  afterEach(async () => {
    for (const socket of sockets.clients) socket.terminate()
    program.closeAllConnections()
    program.close()
    await guest.stop()
  })

  const headersOf = (visitor: string | null) => ({
    [HEADERS.guestToken]: guest.config.token,
    [HEADERS.target]: `port:${(program.address() as AddressInfo).port}`,
    ...(visitor === null ? {} : { [HEADERS.visitor]: visitor }),
  })
  const open = async (visitor: string | null) => {
    const headers = headersOf(visitor)
    const socket = new WebSocket(`ws://127.0.0.1:${guest.port}/`, { headers })
    await once(socket, 'open')
    return socket
  }
  const expectEcho = async (socket: WebSocket) => {
    const back = once(socket, 'message')
    socket.send('still here')
    expect(String((await back)[0])).toBe('still here')
  }
  const end = async (...visitors: string[]) => {
    const body = JSON.stringify({ visitors })
    const answer = await guest.call({ ...GUEST_ROUTES.endVisits, body })
    return JSON.parse(answer.text)
  }

  it('ends with them, and what others have open goes on', async () => {
    const theirs = [await open(ADA), await open(ADA)]
    const others = [await open(EVE), await open(null)]
    const closed = Promise.all(theirs.map((socket) => once(socket, 'close')))
    expect(await end(ADA)).toEqual({ ended: 2 })
    await closed
    await until('the program saw both ends', () => sockets.clients.size === 2)
    for (const socket of others) await expectEcho(socket)
    expect(await end(ADA)).toEqual({ ended: 0 })
    for (const socket of others) socket.close()
  })

  it('is an answer, too, that is still being sent', async () => {
    const asked = request({ port: guest.port, headers: headersOf(ADA) }).end()
    const [response] = await once(asked, 'response')
    await once(response, 'data')
    const brokenOff = once(response, 'error')
    expect(await end(EVE)).toEqual({ ended: 0 })
    expect(await end(ADA)).toEqual({ ended: 1 })
    await brokenOff
  })

  it('says to the program nothing of who they are', async () => {
    const socket = await open(ADA)
    expect(headersSeen.join()).not.toMatch(/vessel/i)
    expect(headersSeen.join()).not.toContain(ADA)
    socket.close()
  })

  it('is ended only for ids that are some', async () => {
    expect(await end('x')).toMatchObject({ code: 'VALIDATION' })
    expect(await end()).toMatchObject({ code: 'VALIDATION' })
  })
})
