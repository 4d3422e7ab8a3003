import { columnSql, conditionSql, fieldSql, orderSql, type Source } from './build-condition.ts'
import type { Catalog } from './catalog.ts'
import { type Clauses, emptyClauses, type RestQuery } from './parse-query.ts'
import type { ColumnNode, EmbedNode, SelectNode } from './parse-select.ts'
import { type Relationship, relate } from './relate.ts'
import { notSupported, parseFailed, RestError } from './rest-error.ts'
import { type Params, quote, table } from './sql-text.ts'

/** Tables in one query, the embedded ones counted. */
const SOURCES_MAX = 20

/** Builds the parts of one query; it numbers the aliases, so that none is used twice. */
export class SelectBuilder {
  readonly #catalog: Catalog
  readonly #query: RestQuery
  readonly params: Params
  #aliases = 0

  constructor(catalog: Catalog, query: RestQuery, params: Params) {
    this.#catalog = catalog
    this.#query = query
    this.params = params
    this.#refuseUnknownPaths()
  }

  source(relation: string): Source {
    const found = this.#catalog.relations.get(relation)
    if (found === undefined) throw unknownRelation(relation)
    return { name: relation, alias: this.alias(), columns: found.columns }
  }

  alias(): string {
    if (this.#aliases >= SOURCES_MAX) throw notSupported(`more than ${SOURCES_MAX} tables at once`)
    return `t${this.#aliases++}`
  }

  /** The list between SELECT and FROM. */
  list(source: Source, nodes: readonly SelectNode[], path = ''): string {
    const items = nodes.map((node) => {
      if (node.kind === 'star') return `${source.alias}.*`
      if (node.kind === 'column') return this.#column(source, node)
      return `${this.#embed(source, node, path)} as ${quote(node.alias ?? node.relation)}`
    })
    // An embed that only filters (`sessions!inner()`) may leave nothing to select.
    return items.length > 0 ? items.join(', ') : 'null as "?"'
  }

  /** Everything after WHERE: the filters and what each `!inner` embed asks for. */
  where(source: Source, nodes: readonly SelectNode[], path = ''): string[] {
    const own = this.#clauses(path).conditions.map((condition) =>
      conditionSql(source, condition, this.params),
    )
    const inner = embedsOf(nodes)
      .filter((node) => node.isInner)
      .map((node) => this.#exists(source, node, path))
    return [...own, ...inner]
  }

  tail(source: Source, path = ''): string {
    const { order, limit, offset } = this.#clauses(path)
    const { params } = this
    const limitSql = limit === null ? '' : ` limit ${params.addAs(String(limit), 'bigint')}`
    const offsetSql = offset === 0 ? '' : ` offset ${params.addAs(String(offset), 'bigint')}`
    return `${orderSql(source, order, params)}${limitSql}${offsetSql}`
  }

  /** Columns of the source that the list needs: what RETURNING must give. */
  needed(source: Source, nodes: readonly SelectNode[]): readonly string[] | 'all' {
    const names = new Set<string>()
    for (const node of nodes) {
      if (node.kind === 'star') return 'all'
      if (node.kind === 'column') names.add(node.column)
      else
        for (const { parent } of relate(this.#catalog, source.name, node).pairs) names.add(parent)
    }
    return [...names]
  }

  #clauses(path: string): Clauses {
    if (path === '') return this.#query.root
    return this.#query.embedded.get(path) ?? emptyClauses()
  }

  #column(source: Source, node: ColumnNode): string {
    const { sql } = fieldSql(source, node, this.params)
    const name = node.alias ?? node.path.at(-1)?.key ?? node.column
    return `${node.cast === null ? sql : `(${sql})::${node.cast}`} as ${quote(name)}`
  }

  #embed(parent: Source, node: EmbedNode, path: string): string {
    const relationship = relate(this.#catalog, parent.name, node)
    const child = this.source(relationship.target)
    const childPath = join(path, node)
    const list = this.list(child, node.select, childPath)
    const where = [
      joinSql(parent, child, relationship),
      ...this.where(child, node.select, childPath),
    ].join(' and ')
    const from = `${table(child.name)} as ${child.alias} where ${where}`
    const rows = `select ${list} from ${from}${this.tail(child, childPath)}`
    const row = this.alias()
    return relationship.isToOne
      ? `(select row_to_json(${row}) from (${rows}) as ${row})`
      : `(select coalesce(json_agg(${row}), '[]') from (${rows}) as ${row})`
  }

  #exists(parent: Source, node: EmbedNode, path: string): string {
    const relationship = relate(this.#catalog, parent.name, node)
    const child = this.source(relationship.target)
    const where = [
      joinSql(parent, child, relationship),
      ...this.where(child, node.select, join(path, node)),
    ].join(' and ')
    return `exists (select 1 from ${table(child.name)} as ${child.alias} where ${where})`
  }

  #refuseUnknownPaths(): void {
    const known = new Set(pathsOf(this.#query.select, ''))
    for (const path of this.#query.embedded.keys()) {
      if (known.has(path)) continue
      throw new RestError(400, {
        code: 'PGRST108',
        message: `'${path}' is not an embedded resource in this request`,
        hint: `Verify that '${path}' is included in the 'select' query parameter.`,
      })
    }
  }
}

function embedsOf(nodes: readonly SelectNode[]): EmbedNode[] {
  return nodes.filter((node) => node.kind === 'embed')
}

function join(path: string, node: EmbedNode): string {
  const name = node.alias ?? node.relation
  if (name.includes('.')) throw parseFailed('"select" parameter: a dot in a name')
  return path === '' ? name : `${path}.${name}`
}

function pathsOf(nodes: readonly SelectNode[], path: string): string[] {
  return embedsOf(nodes).flatMap((node) => {
    const own = join(path, node)
    return [own, ...pathsOf(node.select, own)]
  })
}

function joinSql(parent: Source, child: Source, relationship: Relationship): string {
  return relationship.pairs
    .map((pair) => `${columnSql(child, pair.child)} = ${columnSql(parent, pair.parent)}`)
    .join(' and ')
}

export function unknownRelation(name: string): RestError {
  return new RestError(404, {
    code: 'PGRST205',
    message: `Could not find the table 'public.${name}' in the schema cache`,
  })
}
