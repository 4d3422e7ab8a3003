import { type Database, OWNER } from '../db/database.ts'

export interface Column {
  readonly name: string
  /** As `format_type` writes it, so it can stand in SQL as it is. */
  readonly type: string
}

export interface ForeignKey {
  readonly name: string
  readonly from: string
  readonly fromColumns: readonly string[]
  readonly to: string
  readonly toColumns: readonly string[]
  /** At most one row points to each target, so the reverse side is one object, not a list. */
  readonly isUnique: boolean
}

export interface Relation {
  readonly name: string
  readonly columns: ReadonlyMap<string, Column>
  readonly primaryKey: readonly string[]
}

export interface Argument {
  readonly name: string
  readonly type: string
  readonly isRequired: boolean
}

export interface DbFunction {
  readonly name: string
  readonly args: readonly Argument[]
  readonly returns: 'void' | 'scalar' | 'row'
  readonly isSet: boolean
  /** The table whose rows it returns, when it is one: embedding works on it. */
  readonly relation: string | null
  /** The columns of a returned row. */
  readonly columns: ReadonlyMap<string, Column>
}

/** What the API may name. Nothing outside of it ever stands in a statement. */
export interface Catalog {
  readonly relations: ReadonlyMap<string, Relation>
  readonly foreignKeys: readonly ForeignKey[]
  readonly functions: ReadonlyMap<string, readonly DbFunction[]>
}

const RELATIONS = `
select c.relname as name,
  (select coalesce(json_agg(json_build_object('name', a.attname,
      'type', format_type(a.atttypid, null)) order by a.attnum), '[]')
    from pg_attribute a
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
  (select coalesce(json_agg(a.attname), '[]')
    from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
    where i.indrelid = c.oid and i.indisprimary) as primary_key
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'public' and c.relkind in ('r', 'v', 'm', 'p', 'f')`

const NAMES = (keys: string, table: string) =>
  `(select json_agg(a.attname order by k.i) from unnest(${keys}) with ordinality as k(num, i)
    join pg_attribute a on a.attrelid = ${table} and a.attnum = k.num)`

const FOREIGN_KEYS = `
select con.conname as name, cf.relname as "from", ct.relname as "to",
  ${NAMES('con.conkey', 'con.conrelid')} as from_columns,
  ${NAMES('con.confkey', 'con.confrelid')} as to_columns,
  exists (select 1 from pg_index i where i.indrelid = con.conrelid and i.indisunique
    and i.indpred is null and (select array_agg(k order by k) from unnest(i.indkey::int2[]) k)
      = (select array_agg(k order by k) from unnest(con.conkey) k)) as is_unique
from pg_constraint con
join pg_class cf on cf.oid = con.conrelid join pg_namespace nf on nf.oid = cf.relnamespace
join pg_class ct on ct.oid = con.confrelid join pg_namespace nt on nt.oid = ct.relnamespace
where con.contype = 'f' and nf.nspname = 'public' and nt.nspname = 'public'`

const FUNCTIONS = `
select p.proname as name, p.proretset as is_set, t.typname = 'void' as is_void,
  (t.typtype = 'c' or coalesce(p.proargmodes::text[] && '{t,b,o}', false)) as is_row,
  rel.relname as relation, p.pronargdefaults as defaults,
  (select coalesce(json_agg(json_build_object('name', p.proargnames[i.i],
      'type', format_type(i.type, null), 'mode', coalesce(p.proargmodes[i.i], 'i'))
      order by i.i), '[]')
    from unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) with ordinality as i(type, i)
  ) as args,
  (select coalesce(json_agg(json_build_object('name', a.attname,
      'type', format_type(a.atttypid, null)) order by a.attnum), '[]')
    from pg_attribute a where a.attrelid = t.typrelid and t.typrelid <> 0 and a.attnum > 0
      and not a.attisdropped) as row_columns
from pg_proc p join pg_namespace n on n.oid = p.pronamespace
join pg_type t on t.oid = p.prorettype
left join pg_class rel on rel.oid = t.typrelid and rel.relkind in ('r', 'v', 'm', 'p')
where n.nspname = 'public' and p.prokind = 'f' and t.typname <> 'trigger'`

interface RelationRow {
  name: string
  columns: Column[]
  primary_key: string[]
}

interface ForeignKeyRow {
  name: string
  from: string
  to: string
  from_columns: string[]
  to_columns: string[]
  is_unique: boolean
}

interface FunctionRow {
  name: string
  is_set: boolean
  is_void: boolean
  is_row: boolean
  relation: string | null
  defaults: number
  args: { name: string | null; type: string; mode: string }[]
  row_columns: Column[]
}

function byName<T extends { readonly name: string }>(items: readonly T[]): Map<string, T> {
  return new Map(items.map((item) => [item.name, item]))
}

function toFunction(row: FunctionRow): DbFunction {
  const inputs = row.args.filter(({ mode }) => ['i', 'b', 'v'].includes(mode))
  const outputs = row.args.filter(({ mode }) => ['o', 'b', 't'].includes(mode))
  const requiredCount = inputs.length - row.defaults
  const columns = outputs.length > 0 ? outputs : row.row_columns
  return {
    name: row.name,
    args: inputs.map(({ name, type }, index) => ({
      name: name ?? '',
      type,
      isRequired: index < requiredCount,
    })),
    returns: row.is_void ? 'void' : row.is_row ? 'row' : 'scalar',
    isSet: row.is_set,
    relation: row.relation,
    columns: byName(columns.map(({ name, type }) => ({ name: name ?? '', type }))),
  }
}

export async function loadCatalog(database: Database): Promise<Catalog> {
  return database.transaction(OWNER, async (tx) => {
    const relations = await tx.query<RelationRow>(RELATIONS)
    const foreignKeys = await tx.query<ForeignKeyRow>(FOREIGN_KEYS)
    const functions = (await tx.query<FunctionRow>(FUNCTIONS)).map(toFunction)
    const named = functions.filter(({ args }) => args.every(({ name }) => name !== ''))
    return {
      relations: byName(
        relations.map((row) => ({
          name: row.name,
          columns: byName(row.columns),
          primaryKey: row.primary_key,
        })),
      ),
      foreignKeys: foreignKeys.map((row) => ({
        name: row.name,
        from: row.from,
        to: row.to,
        fromColumns: row.from_columns,
        toColumns: row.to_columns,
        isUnique: row.is_unique,
      })),
      functions: Map.groupBy(named, ({ name }) => name),
    }
  })
}
