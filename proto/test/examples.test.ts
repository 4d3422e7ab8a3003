import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import type { z } from 'zod'
import { parseValue } from '../src/parse.ts'
import { COMMANDS, ONE_WAY_MESSAGES, REQUESTS } from '../src/registry.ts'

const root = new URL('../examples/', import.meta.url)

function examplesIn(folder: string): [name: string, value: unknown][] {
  const url = new URL(`${folder}/`, root)
  return readdirSync(url).map((file) => [
    file.replace('.json', ''),
    JSON.parse(readFileSync(new URL(file, url), 'utf8')),
  ])
}

/** Schema and the folder that must hold a request and a reply for it. */
const exchanges = [
  ...Object.entries(COMMANDS).map(([verb, shape]) => [`commands/${verb}`, shape] as const),
  ...Object.entries(REQUESTS).map(([verb, shape]) => [`requests/${verb}`, shape] as const),
]

describe('examples', () => {
  it.each(exchanges)('%s has a request and a reply that parse', (folder, shape) => {
    const found = new Map(examplesIn(folder))
    parseValue(shape.request as z.ZodType, found.get('request'))
    parseValue(shape.reply as z.ZodType, found.get('reply'))
    expect([...found.keys()].sort()).toEqual(['reply', 'request'])
  })

  it.each(Object.entries(ONE_WAY_MESSAGES))('%s has examples that parse', (name, schema) => {
    const found = examplesIn(`messages/${name}`)
    expect(found.length).toBeGreaterThan(0)
    for (const [, value] of found) expect(parseValue(schema as z.ZodType, value)).toEqual(value)
  })

  it.each([
    ['feed-item', 'kind', ['line', 'step', 'event']],
    ['client-frame', 'type', ['auth', 'sub', 'unsub', 'ping', 'presence', 'refresh', 'debug']],
    [
      'server-frame',
      'type',
      ['hello', 'ok', 'events', 'gap', 'presence', 'error', 'pong', 'bye', 'debug'],
    ],
  ])('every kind of %s has an example', (name, key, kinds) => {
    const shown = examplesIn(`messages/${name}`).map(
      ([, value]) => (value as Record<string, unknown>)[key],
    )
    expect(shown.sort()).toEqual([...kinds].sort())
  })

  it('a message with a field of the future still parses, without that field', () => {
    for (const [name, schema] of Object.entries(ONE_WAY_MESSAGES)) {
      for (const [, value] of examplesIn(`messages/${name}`)) {
        const future = { ...(value as object), fieldOfTheFuture: { a: 1 } }
        expect(parseValue(schema as z.ZodType, future)).toEqual(value)
      }
    }
  })
})
