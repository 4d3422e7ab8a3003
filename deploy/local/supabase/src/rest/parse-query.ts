import { type Condition, isLogicKey, parseFilter, parseLogic } from './parse-filter.ts'
import { type OrderTerm, parseOrder } from './parse-order.ts'
import { parseSelect, readFieldName, type SelectNode } from './parse-select.ts'
import { parseFailed } from './rest-error.ts'
import { TextReader } from './text-reader.ts'

/** What applies to one table of a query: the root, or one embedded resource. */
export interface Clauses {
  readonly conditions: Condition[]
  order: OrderTerm[]
  limit: number | null
  offset: number
}

export interface RestQuery {
  readonly select: readonly SelectNode[]
  readonly isSelectGiven: boolean
  readonly root: Clauses
  /** By the path of the embedded resource, joined with dots. */
  readonly embedded: ReadonlyMap<string, Clauses>
  readonly columns: readonly string[] | null
  readonly onConflict: readonly string[] | null
}

export function emptyClauses(): Clauses {
  return { conditions: [], order: [], limit: null, offset: 0 }
}

/** Parameters of one request: more than any screen needs, few enough to parse at once. */
const PARAMETERS_MAX = 200

function parseCount(name: string, text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw parseFailed(`"${name}" parameter: ${text.slice(0, 50)}`)
  return Number(text)
}

export function parseNames(text: string, what: string): string[] {
  const reader = new TextReader(text, what)
  const names = reader.list(() => {
    reader.spaces()
    return readFieldName(reader)
  })
  if (!reader.isAtEnd) reader.fail()
  return names
}

/** Splits `sessions.hosts.order` into the path of the resource and the last word. */
function splitKey(key: string): { path: string; name: string } {
  const logic = /^(?:(.*)\.)?((?:not\.)?(?:and|or))$/.exec(key)
  if (logic) return { path: logic[1] ?? '', name: logic[2] ?? '' }
  const arrowAt = key.indexOf('->')
  const head = arrowAt < 0 ? key : key.slice(0, arrowAt)
  const dotAt = head.lastIndexOf('.')
  if (dotAt < 0) return { path: '', name: key }
  return { path: key.slice(0, dotAt), name: key.slice(dotAt + 1) }
}

function addClause(clauses: Clauses, name: string, value: string): void {
  if (name === 'order') clauses.order = parseOrder(value)
  else if (name === 'limit') clauses.limit = parseCount(name, value)
  else if (name === 'offset') clauses.offset = parseCount(name, value)
  else if (isLogicKey(name)) clauses.conditions.push(parseLogic(name, value))
  else clauses.conditions.push(parseFilter(name, value))
}

const OWN_KEYS = ['select', 'columns', 'on_conflict', 'apikey']

/** Parses the whole query string of a request on a table, or on what a function returned. */
export function parseQuery(
  search: URLSearchParams,
  isArgument: (name: string) => boolean = () => false,
): RestQuery {
  if (search.size > PARAMETERS_MAX) throw parseFailed('query string: too many parameters')
  const root = emptyClauses()
  const embedded = new Map<string, Clauses>()
  for (const [key, value] of search) {
    if (OWN_KEYS.includes(key) || isArgument(key)) continue
    const { path, name } = splitKey(key)
    const clauses = path === '' ? root : (embedded.get(path) ?? emptyClauses())
    if (path !== '') embedded.set(path, clauses)
    addClause(clauses, name, value)
  }
  const columns = search.get('columns')
  const onConflict = search.get('on_conflict')
  return {
    select: parseSelect(search.get('select')),
    isSelectGiven: search.has('select'),
    root,
    embedded,
    columns: columns === null ? null : parseNames(columns, '"columns" parameter'),
    onConflict: onConflict === null ? null : parseNames(onConflict, '"on_conflict" parameter'),
  }
}
