import type { Source } from './build-condition.ts'
import { SelectBuilder } from './build-select.ts'
import type { Catalog } from './catalog.ts'
import type { RestQuery } from './parse-query.ts'
import { Params, type SqlStatement, table } from './sql-text.ts'

/**
 * Every statement answers one row: `body`, the JSON text that goes to the client as it is,
 * `returned`, how many rows that is, and `total` when an exact count was asked for.
 */
export interface StatementRow {
  readonly body: string
  readonly returned: number
  readonly total: number | null
}

export const ANSWER = `select coalesce(json_agg(r), '[]')::text as body, count(*)::int as returned`

export function and(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`
}

export interface ReadOptions {
  readonly isCounted: boolean
}

export function buildRead(
  catalog: Catalog,
  request: { relation: string; query: RestQuery },
  options: ReadOptions,
): SqlStatement {
  const params = new Params()
  const builder = new SelectBuilder(catalog, request.query, params)
  const source = builder.source(request.relation)
  return readFrom(builder, { source, from: table(source.name), query: request.query }, options)
}

export function readFrom(
  builder: SelectBuilder,
  what: { source: Source; from: string; query: RestQuery },
  options: ReadOptions,
): SqlStatement {
  const { source, from, query } = what
  const list = builder.list(source, query.select)
  const where = and(builder.where(source, query.select))
  const rows = `select ${list} from ${from} as ${source.alias}${where}${builder.tail(source)}`
  const total = options.isCounted
    ? `(select count(*)::int from ${from} as ${source.alias}${where})`
    : 'null::int'
  return {
    sql: `${ANSWER}, ${total} as total from (${rows}) as r`,
    params: builder.params.values,
  }
}
