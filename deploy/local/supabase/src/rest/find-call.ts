import type { Catalog, DbFunction } from './catalog.ts'
import { parseQuery, type RestQuery } from './parse-query.ts'
import { parseJsonText } from './payload.ts'
import { RestError } from './rest-error.ts'

export interface FunctionCall {
  readonly fn: DbFunction
  readonly query: RestQuery
  readonly argsJson: string
  readonly given: readonly string[]
}

export interface CallInput {
  readonly method: 'GET' | 'POST'
  readonly name: string
  readonly request: { readonly search: URLSearchParams; readonly body: string }
}

function notFound(name: string, given: readonly string[]): RestError {
  const what = given.length === 0 ? 'without parameters' : `with parameters ${given.join(', ')}`
  return new RestError(404, {
    code: 'PGRST202',
    message: `Could not find the function public.${name} ${what} in the schema cache`,
    details: `Searched for the function public.${name} ${what}, but no matches were found.`,
  })
}

function accepts(fn: DbFunction, given: readonly string[]): boolean {
  const known = new Set(fn.args.map(({ name }) => name))
  const isComplete = fn.args.every(({ name, isRequired }) => !isRequired || given.includes(name))
  return isComplete && given.every((name) => known.has(name))
}

function pick(catalog: Catalog, name: string, given: readonly string[]): DbFunction {
  const found = (catalog.functions.get(name) ?? []).filter((fn) => accepts(fn, given))
  const [only, ...others] = found
  if (only === undefined) throw notFound(name, given)
  if (others.length > 0) {
    throw new RestError(300, {
      code: 'PGRST203',
      message: `Could not choose the best candidate function for public.${name}`,
    })
  }
  return only
}

function argsOfBody(body: string): { argsJson: string; given: string[] } {
  if (body.trim() === '') return { argsJson: '{}', given: [] }
  const value = parseJsonText(body)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new RestError(400, { code: 'PGRST102', message: 'the body must be one object' })
  }
  return { argsJson: body, given: Object.keys(value) }
}

/** On GET the arguments are those parameters that some overload of the function knows. */
function argsOfSearch(catalog: Catalog, input: CallInput): { argsJson: string; given: string[] } {
  const overloads = catalog.functions.get(input.name) ?? []
  const known = new Set(overloads.flatMap((fn) => fn.args.map(({ name }) => name)))
  const args: Record<string, string> = {}
  for (const [key, value] of input.request.search) if (known.has(key)) args[key] = value
  return { argsJson: JSON.stringify(args), given: Object.keys(args) }
}

/** Chooses the overload that takes exactly the named arguments. */
export function findCall(catalog: Catalog, input: CallInput): FunctionCall {
  const { method, name, request } = input
  const { argsJson, given } =
    method === 'POST' ? argsOfBody(request.body) : argsOfSearch(catalog, input)
  const fn = pick(catalog, name, given)
  const isArgument = (key: string): boolean => method === 'GET' && given.includes(key)
  return { fn, query: parseQuery(request.search, isArgument), argsJson, given }
}
