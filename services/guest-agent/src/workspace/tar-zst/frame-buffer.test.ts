import { describe, expect, it } from '@jest/globals'
import { FrameBuffer } from './frame-buffer.ts'

describe('the memory of a frame', () => {
  it('grows with a file that has grown since its size was asked for', () => {
    const frame = new FrameBuffer(1, 10)
    const pieces = ['header', 'x'.repeat(100_000), 'y'.repeat(300_000)]
    for (const piece of pieces) {
      frame.add(Buffer.from(piece))
      frame.addZeros(3)
    }
    expect(frame.content.toString()).toBe(pieces.map((piece) => `${piece}\0\0\0`).join(''))
  })

  it('is given back when the frame is compressed', () => {
    const frame = new FrameBuffer(1, 100_000)
    frame.add(Buffer.from('a'))
    const { content } = frame
    frame.release()
    expect(content.length).toBe(0)
  })
})
