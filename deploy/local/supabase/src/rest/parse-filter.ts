import { type FieldRef, parseJsonPath, readFieldName } from './parse-select.ts'
import { notSupported, RestError } from './rest-error.ts'
import { TextReader } from './text-reader.ts'

export const OPERATORS = [
  'eq',
  'neq',
  'gt',
  'gte',
  'lt',
  'lte',
  'like',
  'ilike',
  'match',
  'imatch',
  'isdistinct',
  'cs',
  'cd',
  'ov',
] as const
export type Operator = (typeof OPERATORS)[number]

export const IS_VALUES = ['null', 'not_null', 'true', 'false', 'unknown'] as const
export type IsValue = (typeof IS_VALUES)[number]

export type Test =
  | { readonly op: Operator; readonly value: string }
  | { readonly op: 'in'; readonly values: readonly string[] }
  | { readonly op: 'is'; readonly value: IsValue }

export type Condition =
  | {
      readonly kind: 'test'
      readonly field: FieldRef
      readonly test: Test
      readonly isNegated: boolean
    }
  | {
      readonly kind: 'group'
      readonly joiner: 'and' | 'or'
      readonly items: readonly Condition[]
      readonly isNegated: boolean
    }

/** A list longer than this belongs in the body of a function call. */
export const IN_VALUES_MAX = 2_000

type ReadValue = (reader: TextReader) => string

/** Alone in its parameter a value is everything that is left, quotes included. */
const readWhole: ReadValue = (reader) => reader.rest()

/** Within a list a value ends at the next comma or parenthesis, unless quoted or in braces. */
const readListed: ReadValue = (reader) => {
  if (reader.startsWith('"')) return reader.quoted()
  if (reader.startsWith('{')) return reader.match(/\{(?:[^{}"]|"(?:[^"\\]|\\.)*")*\}/y) ?? ''
  return reader.match(/[^,()]*/y) ?? ''
}

function readIn(reader: TextReader): Test {
  const values = reader.parenthesized(() =>
    reader.startsWith(')') ? [] : reader.list(() => readListed(reader)),
  )
  if (values.length > IN_VALUES_MAX) {
    throw new RestError(400, {
      code: 'PGRST100',
      message: `"in" takes at most ${IN_VALUES_MAX} values`,
    })
  }
  return { op: 'in', values }
}

function readTest(reader: TextReader, readValue: ReadValue): Test {
  const word = reader.match(/[a-z]+(?:\([a-z]+\))?/y) ?? reader.fail()
  reader.expect('.')
  if (word === 'in') return readIn(reader)
  if (word === 'is') {
    const asked = readValue(reader).toLowerCase()
    const value = IS_VALUES.find((known) => known === asked)
    return { op: 'is', value: value ?? reader.fail() }
  }
  const op = OPERATORS.find((known) => known === word)
  if (op === undefined) throw notSupported(`the filter operator "${word}"`)
  return { op, value: readValue(reader) }
}

function readGroup(reader: TextReader, joiner: 'and' | 'or', isNegated: boolean): Condition {
  const items = reader.parenthesized(() => reader.list(() => readItem(reader)))
  return { kind: 'group', joiner, items, isNegated }
}

function groupJoiner(reader: TextReader): { joiner: 'and' | 'or'; isNegated: boolean } | null {
  const head = reader.match(/(?:not\.)?(?:and|or)(?=\()/y)
  if (head === null) return null
  return { joiner: head.endsWith('and') ? 'and' : 'or', isNegated: head.startsWith('not.') }
}

function readItem(reader: TextReader): Condition {
  reader.spaces()
  const group = groupJoiner(reader)
  if (group !== null) return readGroup(reader, group.joiner, group.isNegated)
  const field = readField(reader)
  reader.expect('.')
  const isNegated = reader.take('not.')
  return { kind: 'test', field, test: readTest(reader, readListed), isNegated }
}

function readField(reader: TextReader): FieldRef {
  return { column: readFieldName(reader), path: parseJsonPath(reader) }
}

/** Parses a filter of its own parameter: `column=op.value`. */
export function parseFilter(key: string, value: string): Condition {
  const name = new TextReader(key, '"filter" column')
  const field = readField(name)
  if (!name.isAtEnd) name.fail()
  const reader = new TextReader(value, `"${key}" filter`)
  const isNegated = reader.take('not.')
  const test = readTest(reader, readWhole)
  if (!reader.isAtEnd) reader.fail()
  return { kind: 'test', field, test, isNegated }
}

/** Parses `or=(…)`, `and=(…)` and their `not.` forms. */
export function parseLogic(key: string, value: string): Condition {
  const reader = new TextReader(value, `"${key}" logic tree`)
  const joiner = key.endsWith('and') ? 'and' : 'or'
  const group = readGroup(reader, joiner, key.startsWith('not.'))
  if (!reader.isAtEnd) reader.fail()
  return group
}

export function isLogicKey(key: string): boolean {
  return /^(?:not\.)?(?:and|or)$/.test(key)
}
