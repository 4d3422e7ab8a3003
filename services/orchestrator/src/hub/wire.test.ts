import type { Writable } from 'node:stream'
import { describe, expect, it } from '@jest/globals'
import * as ws from 'ws'
import { joinFrames } from './frames.ts'
import { encodeText } from './wire.ts'

// The library has it, its types do not.
const { Receiver } = ws as unknown as { Receiver: new (options: object) => Writable }

function read(wire: Buffer): string[] {
  const texts: string[] = []
  const receiver = new Receiver({ isServer: false })
  receiver.on('message', (data: Buffer) => texts.push(data.toString()))
  receiver.write(wire)
  return texts
}

describe('a frame on the wire', () => {
  it.each([0, 1, 125, 126, 127, 65_535, 65_536, 200_000])(
    'of %i bytes is what a WebSocket library reads as that text',
    (bytes) => {
      const text = 'x'.repeat(bytes)
      expect(read(encodeText(text))).toEqual([text])
    },
  )

  it('stays one of several when they are written at once', () => {
    const frames = ['one', 'two', 'three'].map((text) => ({
      wire: encodeText(text),
      items: 2,
      frames: 1,
      gaps: 0,
    }))
    const joined = joinFrames(frames)
    expect(joined).toMatchObject([{ items: 6, frames: 3 }])
    expect(joined.flatMap(({ wire }) => read(wire))).toEqual(['one', 'two', 'three'])
  })

  it('counts bytes, not characters', () => {
    const text = 'ü🚢'.repeat(30)
    expect(read(encodeText(text))).toEqual([text])
  })
})
