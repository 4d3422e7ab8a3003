import { describe, expect, it } from '@jest/globals'
import { createLineSplitter, readableLine } from './log-lines.ts'

describe('a readable line', () => {
  it('is the message of a pino line with its fields', () => {
    const line = '{"level":40,"time":1,"service":"x","msg":"bus lost","host":"h1","tries":3}'
    expect(readableLine(line)).toEqual({ level: 40, text: 'bus lost host=h1 tries=3' })
  })

  it('names an error by its message, on one line', () => {
    const line = '{"level":50,"msg":"failed","err":{"message":"no\\nroute","stack":"…"}}'
    expect(readableLine(line).text).toBe('failed err=no route')
  })

  it.each(['plain words', '{not json', '{"no":"message"}'])('leaves %s alone', (line) => {
    expect(readableLine(line)).toEqual({ level: 30, text: line })
  })

  it('hides the chatter of NATS and Redis, not their faults', () => {
    const nats = (level: string) => `[12] 2026/01/01 10:00:00.1 [${level}] text`
    expect(readableLine(nats('INF')).level).toBe(20)
    expect(readableLine(nats('ERR'))).toEqual({ level: 50, text: 'text' })
    const redis = (text: string) => `7:M 20 Nov 2026 23:16:45.107 # ${text}`
    expect(readableLine(redis('User requested shutdown...')).level).toBe(20)
    expect(readableLine(redis("Can't open the append-only file")).level).toBe(50)
  })
})

describe('the line splitter', () => {
  it('joins parts, gives out the last line at the end and cuts a line without one', () => {
    const lines: string[] = []
    const splitter = createLineSplitter((line) => lines.push(line), 10)
    splitter.push('a')
    splitter.push('b\n\nc')
    splitter.push('-very-long-line')
    splitter.push('d')
    splitter.end()
    expect(lines).toEqual(['ab', 'c-very-long-line', 'd'])
  })
})
