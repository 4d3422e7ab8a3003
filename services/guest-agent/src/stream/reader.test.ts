import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { describe, expect, it } from '@jest/globals'
import { StreamHub } from './hub.ts'
import { StreamReader } from './reader.ts'

class SlowResponse extends EventEmitter {
  readonly written: string[] = []
  isStuck = false

  write(line: string): boolean {
    this.written.push(line)
    return !this.isStuck
  }

  end(): void {
    this.emit('close')
  }
}
const now = () => new Date('2026-11-20T00:00:00Z')
const asResponse = (slow: SlowResponse) => slow as unknown as ServerResponse

describe('a reader that does not keep up', () => {
  it('loses the oldest lines, is told how many, and then goes on in order', () => {
    const slow = new SlowResponse()
    const reader = new StreamReader(asResponse(slow), now)
    slow.isStuck = true
    for (let n = 0; n < 2_501; n += 1) reader.send(`${n}\n`)
    expect(slow.written).toEqual(['0\n'])

    slow.isStuck = false
    slow.emit('drain')

    expect(slow.written).toHaveLength(2_002)
    expect(JSON.parse(slow.written[1] as string).text).toContain('500 lines dropped')
    expect(slow.written.slice(2, 4)).toEqual(['501\n', '502\n'])
    expect(slow.written.at(-1)).toBe('2500\n')
  })

  it('holds no more than a bounded number of bytes', () => {
    const slow = new SlowResponse()
    const reader = new StreamReader(asResponse(slow), now)
    slow.isStuck = true
    for (let n = 0; n < 100; n += 1) reader.send('x'.repeat(100_000))
    slow.isStuck = false
    slow.emit('drain')
    expect(slow.written.length).toBeLessThanOrEqual(13)
  })
})

describe('the hub', () => {
  it('keeps a bounded number of lines while nobody reads, and says what is gone', () => {
    const identify = () => ({
      ...{ type: 'vm_identification' as const, hostname: 'h', os: 'o', version: 'v' },
      agent_version: '1',
    })
    const hub = new StreamHub({ now, identify })
    for (let n = 0; n < 1_005; n += 1) hub.log('ide', 'info', `line ${n}`)
    const response = new SlowResponse()
    hub.attach(asResponse(response))
    const texts = response.written.map((line) => JSON.parse(line).text)
    expect(texts.slice(0, 3)).toEqual([undefined, '5 lines dropped: nobody was reading', 'line 5'])
    expect(texts).toHaveLength(1_002)
    response.end()
    hub.log('ide', 'info', 'after')
    expect(response.written).toHaveLength(1_002)
  })
})
