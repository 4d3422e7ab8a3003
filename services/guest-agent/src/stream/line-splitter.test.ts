import { describe, expect, it } from '@jest/globals'
import { createLineSplitter } from './line-splitter.ts'

const collect = (nowMs = () => 0) => {
  const lines: string[] = []
  return { lines, splitter: createLineSplitter((line) => lines.push(line), nowMs) }
}

describe('the lines of a program', () => {
  it('are cut at newlines wherever the chunks are, also inside a character', () => {
    const { lines, splitter } = collect()
    const bytes = Buffer.from('grüße\r\nzwei\n\ndrei')
    for (const byte of bytes) splitter.push(Buffer.from([byte]))
    expect(lines).toEqual(['grüße', 'zwei', ''])
    splitter.end()
    expect(lines.at(-1)).toBe('drei')
  })

  it('are bounded in length, with and without an end', () => {
    const { lines, splitter } = collect()
    splitter.push(Buffer.from(`${'x'.repeat(10_000)}\n`))
    for (let n = 0; n < 100; n += 1) splitter.push(Buffer.from('y'.repeat(1_000)))
    splitter.end()
    expect(lines.map((line) => line.length)).toEqual([4_096, 4_096])
  })

  it('are bounded in rate, and what is left out is said', () => {
    let nowMs = 0
    const { lines, splitter } = collect(() => nowMs)
    splitter.push(Buffer.from('line\n'.repeat(1_000)))
    expect(lines).toHaveLength(200)
    nowMs = 1_000
    splitter.push(Buffer.from('next\n'))
    expect(lines.slice(200)).toEqual(['(800 lines left out: too many at once)', 'next'])
  })
})
