import { z } from 'zod'

interface JsonSchema {
  readonly type?: string
  readonly format?: string
  readonly pattern?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly items?: JsonSchema
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly additionalProperties?: JsonSchema | boolean
  readonly required?: readonly string[]
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly allOf?: readonly JsonSchema[]
  readonly minimum?: number
  readonly maximum?: number
  readonly maxLength?: number
  readonly maxItems?: number
  readonly $ref?: string
}

export interface FieldRow {
  readonly path: string
  readonly type: string
  readonly isOptional: boolean
}

/** Deeper than any message of ours; a bound against a schema that refers to itself. */
const DEPTH_MAX = 8
/** Zod writes its widest integer bounds out; they say nothing to a reader. */
const INTEGER_EDGE = Number.MAX_SAFE_INTEGER

function bounds(schema: JsonSchema): string {
  const parts = [
    schema.minimum !== undefined && schema.minimum !== -INTEGER_EDGE ? `≥ ${schema.minimum}` : '',
    schema.maximum !== undefined && schema.maximum !== INTEGER_EDGE ? `≤ ${schema.maximum}` : '',
    schema.maxLength !== undefined ? `≤ ${schema.maxLength} chars` : '',
    schema.maxItems !== undefined ? `≤ ${schema.maxItems} items` : '',
  ].filter(Boolean)
  return parts.length > 0 ? ` (${parts.join(', ')})` : ''
}

function typeName(schema: JsonSchema): string {
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(' · ')
  const branches = schema.anyOf ?? schema.oneOf
  if (branches) return [...new Set(branches.map(typeName))].join(' or ')
  if (schema.type === 'array') return `list of ${typeName(schema.items ?? {})}${bounds(schema)}`
  return `${schema.format ?? schema.type ?? 'any'}${bounds(schema)}`
}

function rowsOf(schema: JsonSchema, prefix: string, depth: number): FieldRow[] {
  if (depth > DEPTH_MAX) return []
  if (schema.allOf) return schema.allOf.flatMap((part) => rowsOf(part, prefix, depth + 1))

  const branches = schema.anyOf ?? schema.oneOf
  if (branches) return branches.flatMap((part) => rowsOf(part, prefix, depth + 1))
  if (schema.type === 'array') return rowsOf(schema.items ?? {}, `${prefix}[]`, depth + 1)

  return Object.entries(schema.properties ?? {}).flatMap(([key, child]) => {
    const path = prefix === '' ? key : `${prefix}.${key}`
    const isOptional = !schema.required?.includes(key)
    return [{ path, type: typeName(child), isOptional }, ...rowsOf(child, path, depth + 1)]
  })
}

/** The fields of a message as the reference shows them; doubles of a union are merged. */
export function describeSchema(schema: z.ZodType): FieldRow[] {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' })
  const merged = new Map<string, FieldRow>()
  for (const row of rowsOf(json as JsonSchema, '', 0)) {
    const known = merged.get(row.path)
    if (!known) merged.set(row.path, row)
    else if (!known.type.includes(row.type)) {
      merged.set(row.path, {
        path: row.path,
        type: `${known.type} or ${row.type}`,
        isOptional: known.isOptional || row.isOptional,
      })
    }
  }
  return [...merged.values()]
}

export function fieldTable(schema: z.ZodType): string {
  const rows = describeSchema(schema)
  if (rows.length === 0) return '_No fields._'
  const lines = rows.map(
    ({ path, type, isOptional }) =>
      `| \`${path}\`${isOptional ? ' _(optional)_' : ''} | ${type.replaceAll('|', '\\|')} |`,
  )
  return ['| field | type |', '|---|---|', ...lines].join('\n')
}
