import { describe, expect, it } from '@jest/globals'
import { IN_VALUES_MAX, parseFilter, parseLogic } from './parse-filter.ts'
import { RestError } from './rest-error.ts'

const field = (column: string) => ({ column, path: [] })
const test = (column: string, found: object, isNegated = false) => ({
  ...{ kind: 'test', field: field(column), test: found, isNegated },
})

describe('a filter of its own', () => {
  it('takes the rest of the parameter as its value, whatever is in it', () => {
    expect(parseFilter('a', 'eq.x,y).(z" and 1=1')).toEqual(
      test('a', { op: 'eq', value: 'x,y).(z" and 1=1' }),
    )
    expect(parseFilter('a', 'eq.')).toEqual(test('a', { op: 'eq', value: '' }))
    expect(parseFilter('a', 'not.gte.3')).toEqual(test('a', { op: 'gte', value: '3' }, true))
  })

  it('reads lists, quoted values among them', () => {
    expect(parseFilter('a', 'in.(1,"x,y","q\\"q",)')).toEqual(
      test('a', { op: 'in', values: ['1', 'x,y', 'q"q', ''] }),
    )
    expect(parseFilter('a', 'in.()')).toEqual(test('a', { op: 'in', values: [] }))
  })

  it('reads is with the five values it knows', () => {
    expect(parseFilter('a', 'is.NULL')).toEqual(test('a', { op: 'is', value: 'null' }))
    expect(() => parseFilter('a', 'is.1')).toThrow(RestError)
  })

  it.each(['', 'eq', 'x', 'in.1', 'in.(1', 'in.(1)x', 'is.'])('refuses %j', (value) => {
    expect(() => parseFilter('a', value)).toThrow(RestError)
  })

  it.each(['fts.x', 'like(any).{a}', 'sl.x', 'nope.1'])('answers 501 to %s', (value) => {
    expect(() => parseFilter('a', value)).toThrow(expect.objectContaining({ status: 501 }))
  })

  it('refuses a list without end', () => {
    const values = Array.from({ length: IN_VALUES_MAX + 1 }, () => '1').join(',')
    expect(() => parseFilter('a', `in.(${values})`)).toThrow(RestError)
  })
})

describe('a logic tree', () => {
  it('joins tests and groups', () => {
    const text = '(a.eq.1,not.and(b.not.is.null,c.in.(1,2)),d.cs.{x,y},e.eq."f,g")'
    expect(parseLogic('or', text)).toEqual({
      kind: 'group',
      joiner: 'or',
      isNegated: false,
      items: [
        test('a', { op: 'eq', value: '1' }),
        {
          kind: 'group',
          joiner: 'and',
          isNegated: true,
          items: [
            test('b', { op: 'is', value: 'null' }, true),
            test('c', { op: 'in', values: ['1', '2'] }),
          ],
        },
        test('d', { op: 'cs', value: '{x,y}' }),
        test('e', { op: 'eq', value: 'f,g' }),
      ],
    })
  })

  it.each(['a.eq.1', '(a.eq.1', '(a.eq.1)x', '()', '(a)', '(and(a.eq.1)', '(a.eq.1,)'])(
    'refuses %s',
    (text) => {
      expect(() => parseLogic('and', text)).toThrow(RestError)
    },
  )

  it('refuses nesting that would only exhaust the stack', () => {
    const text = `(${'and('.repeat(500)}a.eq.1${')'.repeat(501)}`
    expect(() => parseLogic('and', text)).toThrow(RestError)
  })
})
