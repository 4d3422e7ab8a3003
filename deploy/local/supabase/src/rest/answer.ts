import type { StatementRow } from './build-read.ts'
import { RestError } from './rest-error.ts'

export interface RestAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const OBJECT_TYPE = 'application/vnd.pgrst.object+json'

export function wantsObject(accept: string | undefined): boolean {
  return (accept ?? '').includes(OBJECT_TYPE)
}

export function refuseOtherTypes(accept: string | undefined): void {
  const types = (accept ?? '*/*').split(',').map((type) => type.trim().split(';')[0])
  const isFine = types.some((type) =>
    ['*/*', 'application/*', 'application/json', OBJECT_TYPE].includes(type ?? ''),
  )
  if (isFine) return
  throw new RestError(406, {
    code: 'PGRST107',
    message: `None of these media types are available: ${types.join(', ')}`,
  })
}

function requireOneRow(returned: number): void {
  if (returned === 1) return
  throw new RestError(406, {
    code: 'PGRST116',
    message: 'JSON object requested, multiple (or no) rows returned',
    details: `The result contains ${returned} rows`,
  })
}

/** The text of the one element of a JSON array that has one element. */
export function onlyElement(arrayJson: string): string {
  return arrayJson.slice(1, -1)
}

/** Throws 406 unless one row came, inside the transaction, so that a change is undone as well. */
export function shapeBody(row: StatementRow, accept: string | undefined): string {
  if (!wantsObject(accept)) return row.body
  requireOneRow(row.returned)
  return onlyElement(row.body)
}

function contentRange(row: StatementRow, offset: number): string {
  const total = row.total === null ? '*' : String(row.total)
  const range = row.returned === 0 ? '*' : `${offset}-${offset + row.returned - 1}`
  return `${range}/${total}`
}

export function answerRead(
  row: StatementRow,
  request: { accept: string | undefined; offset: number },
): RestAnswer {
  const { accept, offset } = request
  if (row.total !== null && offset > 0 && offset >= row.total) {
    throw new RestError(416, {
      code: 'PGRST103',
      message: 'Requested range not satisfiable',
      details: `An offset of ${offset} was requested, but there are only ${row.total} rows.`,
    })
  }
  const isPart = row.total !== null && row.returned < row.total
  return {
    status: isPart ? 206 : 200,
    headers: { 'content-type': jsonType(accept), 'content-range': contentRange(row, offset) },
    body: shapeBody(row, accept),
  }
}

export function jsonType(accept: string | undefined): string {
  return `${wantsObject(accept) ? OBJECT_TYPE : 'application/json'}; charset=utf-8`
}
