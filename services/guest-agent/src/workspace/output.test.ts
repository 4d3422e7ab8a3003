import { describe, expect, it } from '@jest/globals'
import { Output } from './output.ts'

const LARGE = 200 * 1024

describe('the output of a pack', () => {
  const collect = () => {
    const pieces: Buffer[] = []
    const output = new Output(async (chunk) => {
      pieces.push(Buffer.from(chunk))
    })
    return { pieces, output }
  }

  it('joins small chunks, keeps their order and passes large ones on', async () => {
    const { pieces, output } = collect()
    const chunks = ['a', 'b', 'c'.repeat(LARGE), 'd', 'e'.repeat(100_000), 'f'.repeat(100_000)]
    for (const chunk of chunks) await output.write(Buffer.from(chunk))
    await output.flush()
    expect(pieces.map(({ length }) => length)).toEqual([2, LARGE, 100_001, 100_000])
    expect(Buffer.concat(pieces).equals(Buffer.from(chunks.join('')))).toBe(true)
    expect(output.bytes).toBe(chunks.join('').length)
  })

  it('holds no chunk whose memory its owner uses again', async () => {
    const { pieces, output } = collect()
    const memory = Buffer.alloc(10, 'a')
    await output.write(memory)
    memory.fill('b')
    await output.write(memory)
    await output.flush()
    expect(Buffer.concat(pieces).toString()).toBe('aaaaaaaaaabbbbbbbbbb')
  })
})
