import { RestError } from './rest-error.ts'

/** Rows of one insert or the fields of one update, still as the text the client sent. */
export interface Payload {
  readonly rowsJson: string
  readonly rowCount: number
  readonly columns: readonly string[]
}

function invalid(message: string): RestError {
  return new RestError(400, { code: 'PGRST102', message })
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function parseJsonText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw invalid('Empty or invalid json')
  }
}

/** Without `columns=`, every row must have the same keys, which are the columns. */
function columnsOf(rows: readonly Record<string, unknown>[]): string[] {
  const first = Object.keys(rows[0] ?? {})
  const known = new Set(first)
  for (const row of rows) {
    const keys = Object.keys(row)
    if (keys.length !== first.length || keys.some((key) => !known.has(key))) {
      throw invalid('All object keys must match')
    }
  }
  return first
}

export function parseRows(text: string, columns: readonly string[] | null): Payload {
  const value = parseJsonText(text)
  const rows = Array.isArray(value) ? value : [value]
  if (!rows.every(isObject)) throw invalid('the body must be an object or an array of objects')
  return {
    // The text goes on as it came: parsing it here would round large numbers.
    rowsJson: Array.isArray(value) ? text : `[${text}]`,
    rowCount: rows.length,
    columns: columns ?? columnsOf(rows),
  }
}

export function parseFields(
  text: string,
  columns: readonly string[] | null,
): { rowJson: string; columns: readonly string[] } {
  const value = parseJsonText(text)
  const row = Array.isArray(value) && value.length === 1 ? value[0] : value
  if (!isObject(row)) throw invalid('the body must be one object')
  return {
    rowJson: row === value ? text : JSON.stringify(row),
    columns: columns ?? Object.keys(row),
  }
}
