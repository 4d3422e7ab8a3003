import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { AGENT_VERSION } from '../agent-version.ts'
import { parseArguments } from '../cli/client.ts'
import { consoleText } from './console-text.ts'
import { retryDelayMs } from './end.ts'

describe('a save that failed', () => {
  it('is tried again later and later, but at least so often', () => {
    expect([1, 2, 3, 10, 5_000].map((attempt) => retryDelayMs(attempt, 60_000))).toEqual([
      ...[1_000, 2_000, 4_000, 60_000, 60_000],
    ])
  })
})

describe('a console line', () => {
  it.each([
    ['plain text', 'plain text'],
    ['{"level":30,"msg":"listening"}', 'listening'],
    ['{"no":"message"}', '{"no":"message"}'],
    ['{broken', '{broken'],
  ])('%s reads as %s', (line, text) => {
    expect(consoleText(line)).toBe(text)
  })
})

describe('the command line', () => {
  it('takes its four commands and nothing else', () => {
    expect(parseArguments(['ps'], '/')).toEqual({ verb: 'ps' })
    expect(parseArguments(['stop', 'a'], '/')).toEqual({ verb: 'stop', name: 'a' })
    const started = parseArguments(['start', 'a', 'x.zip'], '/home')
    expect(started).toEqual({ verb: 'start', name: 'a', path: '/home/x.zip' })
    for (const args of [['start'], ['ps', 'x'], ['stop', 'a', 'b'], ['destroy', 'a']]) {
      expect(parseArguments(args, '/')).toBeNull()
    }
  })
})

describe('the version', () => {
  it('is the one of the package', () => {
    const file = join(import.meta.dirname, '../../package.json')
    expect(JSON.parse(readFileSync(file, 'utf8')).version).toBe(AGENT_VERSION)
  })
})
