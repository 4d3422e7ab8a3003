import { describe, expect, it } from '@jest/globals'
import { release, releaseBehind } from './release.ts'

const LARGE = 256 * 1024

describe('memory that is given back', () => {
  it('is gone at once', () => {
    const data = Buffer.allocUnsafeSlow(LARGE)
    release(data.subarray(10, 20))
    expect(data.length).toBe(0)
  })

  it('is never what small buffers share', () => {
    const [one, other] = [Buffer.from('one'), Buffer.from('other')]
    release(one)
    expect([one.toString(), other.toString()]).toEqual(['one', 'other'])
  })
})

describe('chunks of a compressor', () => {
  async function* chunksOf(memories: readonly Buffer[]): AsyncGenerator<Buffer> {
    for (const memory of memories) {
      yield memory.subarray(0, LARGE / 2)
      yield memory.subarray(LARGE / 2)
    }
  }

  it('stay while another may come from the same memory, and are given back behind it', async () => {
    const memories = [Buffer.allocUnsafeSlow(LARGE), Buffer.allocUnsafeSlow(LARGE)]
    const lengths: number[][] = []
    for await (const chunk of releaseBehind(chunksOf(memories))) {
      lengths.push([chunk.length, ...memories.map(({ length }) => length)])
    }
    expect(lengths).toEqual([
      [LARGE / 2, LARGE, LARGE],
      [LARGE / 2, LARGE, LARGE],
      [LARGE / 2, 0, LARGE],
      [LARGE / 2, 0, LARGE],
    ])
    expect(memories.map(({ length }) => length)).toEqual([0, 0])
  })

  it('stay with a reader that stops early: a stream may still write to them', async () => {
    const memories = [Buffer.allocUnsafeSlow(LARGE)]
    for await (const _ of releaseBehind(chunksOf(memories))) break
    expect(memories[0]?.length).toBe(LARGE)
  })
})
