import { EventEmitter } from 'node:events'
import { describe, expect, it } from '@jest/globals'
import { Outbox } from './outbox.ts'
import type { Wire } from './wire.ts'

const LIMITS = { outboxBytesSoft: 256, outboxBytesMax: 1_024 }

/** A socket that keeps what it is given until it is told to have written it. */
class StuckSocket extends EventEmitter {
  writableLength = 0
  readonly sent: Buffer[] = []

  write(frame: Buffer): boolean {
    this.sent.push(frame)
    this.writableLength += frame.length
    return false
  }

  drain(): void {
    this.writableLength = 0
    this.emit('drain')
  }
}

function createOutbox() {
  const socket = new StuckSocket()
  return { socket, outbox: new Outbox(socket, LIMITS) }
}
const bytes = (count: number) => ({
  wire: Buffer.alloc(count, 'x') as Wire,
  items: 1,
  frames: 1,
  gaps: 0,
})

describe('the outbox', () => {
  it('holds a log back from a client that is behind', () => {
    const { socket, outbox } = createOutbox()
    expect(outbox.sendLog([bytes(300)])).toBe('sent')
    expect(outbox.sendLog([bytes(10)])).toBe('behind')
    expect(socket.sent).toHaveLength(1)
  })

  it('sends all frames of a piece or none', () => {
    const { socket, outbox } = createOutbox()
    expect(outbox.sendLog([bytes(200), bytes(200), bytes(200)])).toBe('sent')
    expect(socket.sent).toHaveLength(3)
    expect(outbox.sendLog([bytes(1), bytes(1)])).toBe('behind')
    expect(socket.sent).toHaveLength(3)
  })

  it('still lets ready through to a client that is behind', () => {
    const { outbox } = createOutbox()
    outbox.sendLog([bytes(300)])
    expect(outbox.sendControl(bytes(10))).toBe('sent')
  })

  it('calls a client above the hard limit slow for every frame', () => {
    const { outbox } = createOutbox()
    outbox.sendControl(bytes(1_025))
    expect(outbox.sendControl(bytes(1))).toBe('slow')
    expect(outbox.sendLog([bytes(1)])).toBe('slow')
  })

  it('tells once when everything was read', () => {
    const { socket, outbox } = createOutbox()
    let drained = 0
    outbox.sendLog([bytes(300)])
    outbox.whenDrained(() => {
      drained += 1
    })
    socket.drain()
    outbox.sendControl(bytes(1))
    socket.drain()
    expect(drained).toBe(1)
  })

  it('counts what it sent', () => {
    const { outbox } = createOutbox()
    outbox.sendLog([bytes(200), bytes(100)])
    outbox.sendLog([bytes(50)])
    expect(outbox).toMatchObject({ bytesSent: 300, framesSent: 2, itemsSent: 2 })
  })

  it('does not tell who no longer waits', () => {
    const { socket, outbox } = createOutbox()
    outbox.sendLog([bytes(300)])
    const forget = outbox.whenDrained(() => {
      throw new Error('told')
    })
    forget()
    expect(() => socket.drain()).not.toThrow()
  })
})
