import { EventEmitter } from 'node:events'
import type { Server } from 'node:http'
import { PassThrough } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { paceUpgrades, type UpgradePace } from './upgrade-pace.ts'

function createServer(pace: UpgradePace = { upgradesPerTurnMax: 2, upgradesWaitingMax: 100 }) {
  const server = new EventEmitter()
  const admitted: PassThrough[] = []
  server.on('upgrade', (_request, socket) => admitted.push(socket))
  const refuse = paceUpgrades(server as Server, pace)
  const arrive = () => {
    const socket = new PassThrough()
    server.emit('upgrade', {}, socket, Buffer.alloc(0))
    return socket
  }
  return { admitted, arrive, refuse }
}

describe('the pace of handshakes', () => {
  it('leaves room for others between a few at a time, and keeps their order', async () => {
    const { admitted, arrive } = createServer()
    const sockets = Array.from({ length: 5 }, arrive)
    expect(admitted).toHaveLength(0)
    const seen: number[] = []
    while (admitted.length < 5) {
      await setImmediate()
      seen.push(admitted.length)
    }
    expect(seen).toEqual([2, 4, 5])
    expect(admitted).toEqual(sockets)
  })

  it('goes on with who comes later', async () => {
    const { admitted, arrive } = createServer()
    arrive()
    await setImmediate()
    arrive()
    await setImmediate()
    expect(admitted).toHaveLength(2)
  })

  it('drops a socket that broke while it waited', async () => {
    const { admitted, arrive } = createServer()
    arrive().emit('error', new Error('reset'))
    const good = arrive()
    await setImmediate()
    expect(admitted).toEqual([good])
  })

  it('leaves no listener of its own on a socket', async () => {
    const { admitted, arrive } = createServer()
    arrive()
    await setImmediate()
    expect(admitted[0]?.listenerCount('error')).toBe(0)
  })

  it('cuts who comes when too many wait, and tells of each', async () => {
    let cutCount = 0
    const onCut = () => {
      cutCount += 1
    }
    const pace = { upgradesPerTurnMax: 2, upgradesWaitingMax: 2, onCut }
    const { admitted, arrive } = createServer(pace)
    const sockets = Array.from({ length: 3 }, arrive)
    expect(sockets.map(({ destroyed }) => destroyed)).toEqual([false, false, true])
    expect(cutCount).toBe(1)
    await setImmediate()
    expect(admitted).toHaveLength(2)
  })

  it('tells those who wait, and who come, to try again when nobody is let in any more', async () => {
    const { admitted, arrive, refuse } = createServer()
    const waits = arrive()
    refuse()
    const comes = arrive()
    await setImmediate()
    expect(admitted).toHaveLength(0)
    for (const socket of [waits, comes]) {
      expect(String(socket.read())).toMatch(
        /^HTTP\/1.1 503 .*\r\n[\s\S]*Retry-After: 1[\s\S]*\r\n\r\n$/,
      )
    }
  })
})
