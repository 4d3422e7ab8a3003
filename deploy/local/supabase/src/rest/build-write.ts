import { findColumn, type Source } from './build-condition.ts'
import { ANSWER, and } from './build-read.ts'
import { SelectBuilder, unknownRelation } from './build-select.ts'
import type { Catalog, Relation } from './catalog.ts'
import type { RestQuery } from './parse-query.ts'
import { notSupported, RestError } from './rest-error.ts'
import { Params, quote, type SqlStatement, table } from './sql-text.ts'

function relationOf(catalog: Catalog, name: string): Relation {
  const relation = catalog.relations.get(name)
  if (relation === undefined) throw unknownRelation(name)
  return relation
}

/** What an insert does with a row that is there already. */
export type OnDuplicate = 'fail' | 'merge' | 'ignore'

export interface InsertRequest {
  readonly relation: string
  readonly query: RestQuery
  /** A JSON array of objects, as text: numbers keep every digit they came with. */
  readonly rowsJson: string
  readonly columns: readonly string[]
  readonly onDuplicate: OnDuplicate
  readonly isReturned: boolean
}

function columnsSql(source: Source, names: readonly string[]): string[] {
  return names.map((name) => {
    if (source.columns.has(name)) return quote(findColumn(source, name).name)
    throw new RestError(400, {
      code: 'PGRST204',
      message: `Could not find the '${name}' column of '${source.name}' in the schema cache`,
    })
  })
}

function conflictSql(source: Source, relation: Relation, request: InsertRequest): string {
  if (request.onDuplicate === 'fail') return ''
  const target = columnsSql(source, request.query.onConflict ?? relation.primaryKey)
  const on = target.length === 0 ? '' : `(${target.join(', ')})`
  if (request.onDuplicate === 'ignore') return ` on conflict ${on} do nothing`
  const columns = columnsSql(source, request.columns)
  const sets = columns.map((column) => `${column} = excluded.${column}`)
  return ` on conflict ${on} do update set ${sets.join(', ')}`
}

/** RETURNING only what is answered: a role may read fewer columns than it may write. */
function returningSql(
  builder: SelectBuilder,
  source: Source,
  request: { query: RestQuery; isReturned: boolean },
): string {
  if (!request.isReturned) return 'returning 1'
  const needed = builder.needed(source, request.query.select)
  if (needed === 'all') return `returning ${source.alias}.*`
  const columns = columnsSql(source, needed).map((column) => `${source.alias}.${column}`)
  return `returning ${columns.length > 0 ? columns.join(', ') : '1'}`
}

function answerWrite(
  builder: SelectBuilder,
  source: Source,
  request: { query: RestQuery; isReturned: boolean; write: string },
): SqlStatement {
  const list = request.isReturned ? builder.list(source, request.query.select) : '1'
  const rows = `select ${list} from written as ${source.alias}`
  const body = request.isReturned ? ANSWER : `select '' as body, count(*)::int as returned`
  return {
    sql: `with written as (${request.write}) ${body}, null::int as total from (${rows}) as r`,
    params: builder.params.values,
  }
}

function refuseListClauses(query: RestQuery): void {
  const { order, limit, offset } = query.root
  if (order.length > 0 || limit !== null || offset !== 0) {
    throw notSupported('order, limit or offset on a change')
  }
}

export function buildInsert(catalog: Catalog, request: InsertRequest): SqlStatement {
  refuseListClauses(request.query)
  const relation = relationOf(catalog, request.relation)
  const params = new Params()
  const builder = new SelectBuilder(catalog, request.query, params)
  const source = builder.source(request.relation)
  const columns = columnsSql(source, request.columns)
  const write =
    `insert into ${table(source.name)} as ${source.alias}` +
    `${insertedRows(source, columns, { params, rowsJson: request.rowsJson })}` +
    `${conflictSql(source, relation, request)} ${returningSql(builder, source, request)}`
  return answerWrite(builder, source, { ...request, write })
}

function insertedRows(
  source: Source,
  columns: readonly string[],
  given: { params: Params; rowsJson: string },
): string {
  if (columns.length === 0) return ' default values'
  const rows = given.params.addAs(given.rowsJson, 'json')
  const values = columns.map((name) => `p.${name}`).join(', ')
  const populated = `json_populate_recordset(null::${table(source.name)}, ${rows}) as p`
  return ` (${columns.join(', ')}) select ${values} from ${populated}`
}

export interface ChangeRequest {
  readonly relation: string
  readonly query: RestQuery
  readonly isReturned: boolean
}

/** Supabase refuses a change of every row of a table, which is never what was meant. */
function requireFilter(conditions: readonly string[], verb: string): void {
  if (conditions.length > 0) return
  throw new RestError(400, { code: '21000', message: `${verb} requires a WHERE clause` })
}

export function buildUpdate(
  catalog: Catalog,
  request: ChangeRequest & { readonly rowJson: string; readonly columns: readonly string[] },
): SqlStatement {
  refuseListClauses(request.query)
  const params = new Params()
  const builder = new SelectBuilder(catalog, request.query, params)
  const source = builder.source(request.relation)
  const columns = columnsSql(source, request.columns)
  const sets = columns.map((column) => `${column} = p.${column}`).join(', ')
  const row = params.addAs(request.rowJson, 'json')
  const conditions = builder.where(source, request.query.select)
  requireFilter(conditions, 'UPDATE')
  const write =
    `update ${table(source.name)} as ${source.alias} set ${sets}` +
    ` from json_populate_record(null::${table(source.name)}, ${row}) as p` +
    `${and(conditions)} ${returningSql(builder, source, request)}`
  return answerWrite(builder, source, { ...request, write })
}

export function buildDelete(catalog: Catalog, request: ChangeRequest): SqlStatement {
  refuseListClauses(request.query)
  const builder = new SelectBuilder(catalog, request.query, new Params())
  const source = builder.source(request.relation)
  const conditions = builder.where(source, request.query.select)
  requireFilter(conditions, 'DELETE')
  const write =
    `delete from ${table(source.name)} as ${source.alias}` +
    `${and(conditions)} ${returningSql(builder, source, request)}`
  return answerWrite(builder, source, { ...request, write })
}
