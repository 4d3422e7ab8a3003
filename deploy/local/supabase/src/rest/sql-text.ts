import { RestError } from './rest-error.ts'

/** Quotes a name that was found in the catalog. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

export function table(name: string): string {
  return `"public".${quote(name)}`
}

/** The wire protocol counts parameters with 16 bits; this leaves room for our own. */
const PARAMS_MAX = 30_000

/** Collects bind parameters. A value enters a statement in no other way. */
export class Params {
  readonly values: string[] = []

  /** Always bound as text and cast by the caller, so that Postgres parses it, never we. */
  add(value: string): string {
    if (this.values.length >= PARAMS_MAX) {
      throw new RestError(400, { code: 'PGRST100', message: 'the query has too many values' })
    }
    this.values.push(value)
    return `$${this.values.length}::text`
  }

  addAs(value: string, type: string): string {
    return `(${this.add(value)})::${type}`
  }
}

/** A finished statement: text made of catalog names and `$n`, and the values for them. */
export interface SqlStatement {
  readonly sql: string
  readonly params: readonly string[]
}
