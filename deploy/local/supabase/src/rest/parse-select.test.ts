import { describe, expect, it } from '@jest/globals'
import { parseSelect } from './parse-select.ts'
import { RestError } from './rest-error.ts'

const column = (name: string, more = {}) => ({
  ...{ kind: 'column', column: name, path: [], alias: null, cast: null },
  ...more,
})

describe('select', () => {
  it('means every column when it is missing or empty', () => {
    expect(parseSelect(null)).toEqual([{ kind: 'star' }])
    expect(parseSelect(' ')).toEqual([{ kind: 'star' }])
  })

  it('reads columns, aliases, casts and paths into JSON', () => {
    expect(parseSelect('id,n:name,size::text,data->a->>b,x:data->0')).toEqual([
      column('id'),
      column('name', { alias: 'n' }),
      column('size', { cast: 'text' }),
      column('data', {
        path: [
          { arrow: '->', key: 'a' },
          { arrow: '->>', key: 'b' },
        ],
      }),
      column('data', { alias: 'x', path: [{ arrow: '->', key: '0' }] }),
    ])
  })

  it('reads quoted names with anything in them', () => {
    expect(parseSelect('"a,b (c)","q\\"q"')).toEqual([column('a,b (c)'), column('q"q')])
  })

  it('reads embeds with alias, hint and inner, nested', () => {
    expect(parseSelect('*,run:sessions!fk_a!inner(id,archives(*)),hosts()')).toEqual([
      { kind: 'star' },
      {
        ...{ kind: 'embed', relation: 'sessions', alias: 'run', hint: 'fk_a', isInner: true },
        select: [
          column('id'),
          {
            ...{ kind: 'embed', relation: 'archives', alias: null, hint: null, isInner: false },
            select: [{ kind: 'star' }],
          },
        ],
      },
      {
        ...{ kind: 'embed', relation: 'hosts', alias: null, hint: null, isInner: false },
        select: [],
      },
    ])
  })

  it.each(['a,', ',a', 'a b', 'a(b', 'a)b', 'a->', '"a', 'a::', 'a!', "a'b", 'a;b', '1a', 'a--b('])(
    'refuses what it cannot read: %s',
    (text) => {
      expect(() => parseSelect(text)).toThrow(RestError)
    },
  )

  it('refuses nesting that would only exhaust the stack', () => {
    expect(() => parseSelect(`${'a('.repeat(500)}b${')'.repeat(500)}`)).toThrow(RestError)
  })

  it.each(['...a(b)', 'count()', 'a.sum()', 'a::money'])(
    'says what it does not support: %s',
    (text) => {
      expect(() => parseSelect(text)).toThrow(expect.objectContaining({ status: 501 }))
    },
  )
})
