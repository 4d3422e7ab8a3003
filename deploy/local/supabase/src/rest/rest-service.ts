import type { Caller, Database, Transaction } from '../db/database.ts'
import { answerRead, jsonType, onlyElement, type RestAnswer, shapeBody } from './answer.ts'
import { buildCall } from './build-call.ts'
import { buildRead, type StatementRow } from './build-read.ts'
import { buildDelete, buildInsert, buildUpdate } from './build-write.ts'
import type { Catalog } from './catalog.ts'
import { type FunctionCall, findCall } from './find-call.ts'
import { parseQuery, type RestQuery } from './parse-query.ts'
import { parseFields, parseRows } from './payload.ts'
import { parsePrefer } from './prefer.ts'
import { notSupported, RestError, toRestError } from './rest-error.ts'
import type { SqlStatement } from './sql-text.ts'

/** Rows of one answer, as at hosted Supabase; a client pages beyond it. */
const ROWS_MAX = 1_000

export interface RestRequest {
  readonly caller: Caller
  readonly search: URLSearchParams
  readonly body: string
  readonly headers: {
    readonly accept?: string | undefined
    readonly prefer?: string | undefined
    readonly range?: string | undefined
  }
}

export type TableVerb = 'read' | 'insert' | 'update' | 'delete'

export interface RestService {
  onTable(verb: TableVerb, relation: string, request: RestRequest): Promise<RestAnswer>
  onFunction(method: 'GET' | 'POST', name: string, request: RestRequest): Promise<RestAnswer>
}

export interface RestDeps {
  readonly database: Database
  /** Read for each request: a migration may have replaced it. */
  readonly catalog: () => Catalog
}

function withRange(query: RestQuery, range: string | undefined): RestQuery {
  const match = /^(?:items=)?(\d{1,12})-(\d{0,12})$/.exec(range ?? '')
  const { root } = query
  const limit = (asked: number | null): number => Math.min(asked ?? ROWS_MAX, ROWS_MAX)
  if (match === null) return { ...query, root: { ...root, limit: limit(root.limit) } }
  const first = Number(match[1])
  const last = match[2] === '' ? null : Number(match[2])
  const asked = last === null ? null : last - first + 1
  if (asked !== null && asked < 0) {
    throw new RestError(416, { code: 'PGRST103', message: 'Requested range not satisfiable' })
  }
  return { ...query, root: { ...root, offset: first, limit: limit(asked) } }
}

class DatabaseRestService implements RestService {
  readonly #deps: RestDeps

  constructor(deps: RestDeps) {
    this.#deps = deps
  }

  async onTable(verb: TableVerb, relation: string, request: RestRequest): Promise<RestAnswer> {
    const query = parseQuery(request.search)
    if (verb === 'read') return this.#read(relation, query, request)
    if (verb === 'insert') return this.#insert(relation, query, request)
    return this.#change(verb, { relation, query, request })
  }

  async onFunction(
    method: 'GET' | 'POST',
    name: string,
    request: RestRequest,
  ): Promise<RestAnswer> {
    const call = findCall(this.#deps.catalog(), { method, name, request })
    const { fn } = call
    const { accept, range } = request.headers
    const options = { isCounted: parsePrefer(request.headers.prefer).isCounted }
    const query = fn.isSet ? withRange(call.query, range) : call.query
    const isList = fn.returns === 'row' && fn.isSet
    const statement = buildCall(this.#deps.catalog(), { ...call, query }, options)
    return this.#run(request.caller, { statement, isReadOnly: method === 'GET' }, (row) => {
      if (isList) return answerRead(row, { accept, offset: query.root.offset })
      return answerCall(call, row)
    })
  }

  #read(relation: string, given: RestQuery, request: RestRequest): Promise<RestAnswer> {
    const query = withRange(given, request.headers.range)
    const options = { isCounted: parsePrefer(request.headers.prefer).isCounted }
    const statement = buildRead(this.#deps.catalog(), { relation, query }, options)
    return this.#run(request.caller, { statement, isReadOnly: true }, (row) =>
      answerRead(row, { accept: request.headers.accept, offset: query.root.offset }),
    )
  }

  #insert(relation: string, query: RestQuery, request: RestRequest): Promise<RestAnswer> {
    const { isReturned, onDuplicate, isCounted } = parsePrefer(request.headers.prefer)
    const { rowsJson, rowCount, columns } = parseRows(request.body, query.columns)
    if (rowCount === 0) return Promise.resolve(emptyWrite(201, isReturned))
    if (columns.length === 0 && rowCount > 1) throw notSupported('several rows of defaults')
    const statement = buildInsert(this.#deps.catalog(), {
      ...{ relation, query, rowsJson, columns, onDuplicate, isReturned },
    })
    return this.#run(request.caller, { statement }, (row) =>
      answerWrite(row, { status: 201, isReturned, isCounted, accept: request.headers.accept }),
    )
  }

  #change(
    verb: 'update' | 'delete',
    change: { relation: string; query: RestQuery; request: RestRequest },
  ): Promise<RestAnswer> {
    const { relation, query, request } = change
    const { isReturned, isCounted } = parsePrefer(request.headers.prefer)
    const status = isReturned ? 200 : 204
    const target = { relation, query, isReturned }
    const catalog = this.#deps.catalog()
    let statement: SqlStatement
    if (verb === 'delete') {
      statement = buildDelete(catalog, target)
    } else {
      const fields = parseFields(request.body, query.columns)
      if (fields.columns.length === 0) return Promise.resolve(emptyWrite(status, isReturned))
      statement = buildUpdate(catalog, { ...target, ...fields })
    }
    return this.#run(request.caller, { statement }, (row) =>
      answerWrite(row, { status, isReturned, isCounted, accept: request.headers.accept }),
    )
  }

  /** `answer` runs before the commit: when it refuses, nothing has happened. */
  async #run(
    caller: Caller,
    plan: { statement: SqlStatement; isReadOnly?: boolean },
    answer: (row: StatementRow) => RestAnswer,
  ): Promise<RestAnswer> {
    const { sql, params } = plan.statement
    const work = async (tx: Transaction): Promise<RestAnswer> => {
      const [row] = await tx.query<StatementRow>(sql, params)
      return answer(row ?? { body: '[]', returned: 0, total: null })
    }
    const options = { isReadOnly: plan.isReadOnly === true }
    try {
      return await this.#deps.database.transaction(caller, work, options)
    } catch (error) {
      throw toRestError(error, caller.role !== 'anon')
    }
  }
}

function emptyWrite(status: number, isReturned: boolean): RestAnswer {
  if (!isReturned) return { status, headers: { 'content-range': '*/*' }, body: '' }
  return { status, headers: { 'content-type': jsonType(undefined) }, body: '[]' }
}

function answerWrite(
  row: StatementRow,
  how: { status: number; isReturned: boolean; isCounted: boolean; accept: string | undefined },
): RestAnswer {
  const range = row.returned === 0 ? '*' : `0-${row.returned - 1}`
  const headers = { 'content-range': `${range}/${how.isCounted ? row.returned : '*'}` }
  if (!how.isReturned) return { status: how.status, headers, body: '' }
  const body = shapeBody(row, how.accept)
  return { status: how.status, headers: { ...headers, 'content-type': jsonType(how.accept) }, body }
}

function answerCall({ fn }: FunctionCall, row: StatementRow): RestAnswer {
  if (fn.returns === 'void') return { status: 204, headers: {}, body: '' }
  const body = fn.isSet ? row.body : row.returned === 0 ? 'null' : onlyElement(row.body)
  return { status: 200, headers: { 'content-type': jsonType(undefined) }, body }
}

export function createRestService(deps: RestDeps): RestService {
  return new DatabaseRestService(deps)
}
