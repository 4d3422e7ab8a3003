import { notSupported } from './rest-error.ts'
import { TextReader } from './text-reader.ts'

/** One step into a JSON column: `->key` answers JSON, `->>key` text. */
export interface JsonStep {
  readonly arrow: '->' | '->>'
  readonly key: string
}

export interface FieldRef {
  readonly column: string
  readonly path: readonly JsonStep[]
}

export interface ColumnNode extends FieldRef {
  readonly kind: 'column'
  readonly alias: string | null
  readonly cast: string | null
}

export interface EmbedNode {
  readonly kind: 'embed'
  readonly relation: string
  readonly alias: string | null
  /** Names the foreign key, or its column, when two tables are related in more than one way. */
  readonly hint: string | null
  readonly isInner: boolean
  readonly select: readonly SelectNode[]
}

export type SelectNode = { readonly kind: 'star' } | ColumnNode | EmbedNode

/** The only types a column may be cast to: a name from the URL never reaches the SQL text. */
const CASTS = [
  'text',
  'int',
  'integer',
  'bigint',
  'numeric',
  'float8',
  'boolean',
  'json',
  'jsonb',
  'uuid',
  'date',
  'timestamptz',
]

const AGGREGATES = ['count', 'sum', 'avg', 'min', 'max']

export function parseJsonPath(reader: TextReader): JsonStep[] {
  const path: JsonStep[] = []
  while (reader.startsWith('->')) {
    const arrow = reader.take('->>') ? '->>' : '->'
    if (arrow === '->') reader.expect('->')
    const key = reader.startsWith('"') ? reader.quoted() : reader.match(/-?[\p{L}\p{N}_$]+/uy)
    path.push({ arrow, key: key ?? reader.fail() })
  }
  return path
}

/** A name stops before `->`, although a hyphen may stand within one. */
export function readFieldName(reader: TextReader): string {
  if (reader.startsWith('"')) return reader.quoted()
  const name = reader.match(/[\p{L}_](?:[\p{L}\p{N}_$]|-(?!>))*/uy)
  return name ?? reader.fail()
}

function readCast(reader: TextReader): string | null {
  if (!reader.take('::')) return null
  const cast = reader.match(/[a-z0-9_ ]+/y) ?? reader.fail()
  if (!CASTS.includes(cast)) throw notSupported(`a cast to ${cast}`)
  return cast
}

function readModifiers(reader: TextReader): { hint: string | null; isInner: boolean } {
  let hint: string | null = null
  let isInner = false
  while (reader.take('!')) {
    const word = readFieldName(reader)
    if (word === 'inner') isInner = true
    else if (word !== 'left') hint = word
  }
  return { hint, isInner }
}

function readNode(reader: TextReader): SelectNode {
  reader.spaces()
  if (reader.startsWith('...')) throw notSupported('spread columns (...)')
  if (reader.take('*')) return { kind: 'star' }
  const first = readFieldName(reader)
  const isAlias = !reader.startsWith('::') && reader.take(':')
  const alias = isAlias ? first : null
  const name = isAlias ? readFieldName(reader) : first
  if (AGGREGATES.includes(name) && reader.startsWith('(')) throw notSupported('aggregate functions')
  const { hint, isInner } = readModifiers(reader)
  if (reader.startsWith('(')) {
    const select = reader.parenthesized(() => {
      reader.spaces()
      return reader.startsWith(')') ? [] : reader.list(() => readNode(reader))
    })
    return { kind: 'embed', relation: name, alias, hint, isInner, select }
  }
  const path = parseJsonPath(reader)
  const cast = readCast(reader)
  if (reader.startsWith('.')) throw notSupported('aggregate functions')
  return { kind: 'column', column: name, path, alias, cast }
}

/** Parses `select=`. Nothing asked for means every column. */
export function parseSelect(text: string | null): SelectNode[] {
  if (text === null || text.trim() === '') return [{ kind: 'star' }]
  const reader = new TextReader(text, '"select" parameter')
  const nodes = reader.list(() => readNode(reader))
  if (!reader.isAtEnd) reader.fail()
  return nodes
}
