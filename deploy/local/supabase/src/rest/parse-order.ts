import { type FieldRef, parseJsonPath, readFieldName } from './parse-select.ts'
import { TextReader } from './text-reader.ts'

export interface OrderTerm {
  readonly field: FieldRef
  readonly isDescending: boolean
  readonly nulls: 'first' | 'last' | null
}

function readTerm(reader: TextReader): OrderTerm {
  reader.spaces()
  const field = { column: readFieldName(reader), path: parseJsonPath(reader) }
  let isDescending = false
  let nulls: OrderTerm['nulls'] = null
  while (reader.take('.')) {
    const word = reader.match(/[a-z]+/y)
    if (word === 'desc') isDescending = true
    else if (word === 'nullsfirst') nulls = 'first'
    else if (word === 'nullslast') nulls = 'last'
    else if (word !== 'asc') reader.fail()
  }
  return { field, isDescending, nulls }
}

/** Parses `order=a.desc.nullslast,b`. */
export function parseOrder(text: string): OrderTerm[] {
  const reader = new TextReader(text, '"order" parameter')
  const terms = reader.list(() => readTerm(reader))
  if (!reader.isAtEnd) reader.fail()
  return terms
}
