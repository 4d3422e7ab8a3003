import type { Column } from './catalog.ts'
import type { Condition, Operator, Test } from './parse-filter.ts'
import type { OrderTerm } from './parse-order.ts'
import type { FieldRef, JsonStep } from './parse-select.ts'
import { RestError } from './rest-error.ts'
import { type Params, quote } from './sql-text.ts'

/** Something with columns that stands in FROM under an alias of ours. */
export interface Source {
  readonly name: string
  readonly alias: string
  readonly columns: ReadonlyMap<string, Column>
}

interface Operand {
  readonly sql: string
  readonly type: string
}

export function findColumn(source: Source, name: string): Column {
  const column = source.columns.get(name)
  if (column !== undefined) return column
  throw new RestError(400, {
    code: '42703',
    message: `column ${source.name}.${name} does not exist`,
  })
}

export function columnSql(source: Source, name: string): string {
  return `${source.alias}.${quote(findColumn(source, name).name)}`
}

function jsonStep(step: JsonStep, params: Params): string {
  const isIndex = /^-?\d{1,9}$/.test(step.key)
  return `${step.arrow} ${isIndex ? params.addAs(step.key, 'int') : params.add(step.key)}`
}

/** The SQL of a column or of a path into one, with the type its values are compared as. */
export function fieldSql(source: Source, field: FieldRef, params: Params): Operand {
  const column = findColumn(source, field.column)
  const base = columnSql(source, field.column)
  const last = field.path.at(-1)
  if (last === undefined) return { sql: base, type: column.type }
  const steps = field.path.map((step) => jsonStep(step, params)).join(' ')
  return { sql: `(to_jsonb(${base}) ${steps})`, type: last.arrow === '->>' ? 'text' : 'jsonb' }
}

const SQL_OPERATORS: Readonly<Record<Operator, string>> = {
  eq: '=',
  neq: '<>',
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
  like: 'like',
  ilike: 'ilike',
  match: '~',
  imatch: '~*',
  isdistinct: 'is distinct from',
  cs: '@>',
  cd: '<@',
  ov: '&&',
}

const TEXT_OPERATORS: readonly Operator[] = ['like', 'ilike', 'match', 'imatch']

function testSql(operand: Operand, test: Test, params: Params): string {
  if (test.op === 'is') return `${operand.sql} is ${test.value.replace('_', ' ')}`
  if (test.op === 'in') {
    if (test.values.length === 0) return 'false'
    const values = test.values.map((value) => params.addAs(value, operand.type))
    return `${operand.sql} in (${values.join(', ')})`
  }
  const isPattern = test.op === 'like' || test.op === 'ilike'
  const value = isPattern ? test.value.replaceAll('*', '%') : test.value
  const type = TEXT_OPERATORS.includes(test.op) ? 'text' : operand.type
  return `${operand.sql} ${SQL_OPERATORS[test.op]} ${params.addAs(value, type)}`
}

export function conditionSql(source: Source, condition: Condition, params: Params): string {
  const sql =
    condition.kind === 'test'
      ? testSql(fieldSql(source, condition.field, params), condition.test, params)
      : condition.items
          .map((item) => conditionSql(source, item, params))
          .join(` ${condition.joiner} `)
  return condition.isNegated ? `(not (${sql}))` : `(${sql})`
}

export function orderSql(source: Source, order: readonly OrderTerm[], params: Params): string {
  if (order.length === 0) return ''
  const terms = order.map(({ field, isDescending, nulls }) => {
    const direction = isDescending ? ' desc' : ' asc'
    const place = nulls === null ? '' : ` nulls ${nulls}`
    return `${fieldSql(source, field, params).sql}${direction}${place}`
  })
  return ` order by ${terms.join(', ')}`
}
