import { ANSWER, type ReadOptions, readFrom } from './build-read.ts'
import { SelectBuilder } from './build-select.ts'
import type { Catalog, DbFunction } from './catalog.ts'
import type { RestQuery } from './parse-query.ts'
import { Params, quote, type SqlStatement } from './sql-text.ts'

export interface CallRequest {
  readonly fn: DbFunction
  readonly query: RestQuery
  /** Named arguments as the text of one JSON object. */
  readonly argsJson: string
  readonly given: readonly string[]
}

/** A call of a function in FROM, its arguments taken by name out of one JSON object. */
function callSql(request: CallRequest, params: Params): { args: string; call: string } {
  const { fn, given } = request
  const used = fn.args.filter(({ name }) => given.includes(name))
  const json = params.addAs(request.argsJson, 'json')
  if (used.length === 0) {
    return { args: `(select ${json}) as a(j)`, call: `"public".${quote(fn.name)}()` }
  }
  const types = used.map(({ name, type }) => `${quote(name)} ${type}`).join(', ')
  const named = used.map(({ name }) => `${quote(name)} := a.${quote(name)}`).join(', ')
  return {
    args: `json_to_record(${json}) as a(${types})`,
    call: `"public".${quote(fn.name)}(${named})`,
  }
}

export function buildCall(
  catalog: Catalog,
  request: CallRequest,
  options: ReadOptions,
): SqlStatement {
  const { fn, query } = request
  const params = new Params()
  const builder = new SelectBuilder(catalog, query, params)
  const { args, call } = callSql(request, params)
  if (fn.returns === 'row') {
    const source = { name: fn.relation ?? fn.name, alias: builder.alias(), columns: fn.columns }
    const statement = readFrom(builder, { source, from: 'called', query }, options)
    const rows = `select f.* from ${args}, lateral ${call} as f`
    return { ...statement, sql: `with called as materialized (${rows}) ${statement.sql}` }
  }
  const value = fn.returns === 'void' ? `''` : 'to_json(f.v)'
  const rows = `select ${value} as v from ${args}, lateral ${call} as f(v)`
  const answer = ANSWER.replace('json_agg(r)', 'json_agg(r.v)')
  return { sql: `${answer}, null::int as total from (${rows}) as r`, params: params.values }
}
