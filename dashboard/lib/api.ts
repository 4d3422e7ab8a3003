import { VesselError } from '@vessel/proto/errors'
import { problem } from '@vessel/proto/http/problem'
import { REST_ROUTES, type RestRoute, type RouteName } from '@vessel/proto/http/routes'
import type { z } from 'zod'
import { NetworkError } from './network-error.ts'

/** The API answers at once by design; longer than this is a lost connection. */
const DEADLINE_MS = 15_000
/** An upload is as slow as the line. */
const UPLOAD_DEADLINE_MS = 10 * 60_000

type Routes = typeof REST_ROUTES
type ReplyOf<N extends RouteName> = z.output<
  Extract<Routes[N]['replies'][keyof Routes[N]['replies']], z.ZodType>
>
type BodyOf<N extends RouteName> = Routes[N] extends { body: infer B extends z.ZodType }
  ? z.input<B>
  : Blob | undefined
type QueryOf<N extends RouteName> = Routes[N] extends { query: infer Q extends z.ZodType }
  ? z.input<Q>
  : undefined

export interface CallInput<N extends RouteName> {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: QueryOf<N>
  readonly body?: BodyOf<N>
  /** Of a request that may be sent twice: the same key again makes nothing new. */
  readonly key?: string
  readonly signal?: AbortSignal
}

export interface ApiDeps {
  readonly baseUrl: string
  /** A token that is good now. Null: logged out. */
  readonly getToken: () => Promise<string | null>
  /** The server refused the token. True once there is a new one: the call is made again. */
  readonly onExpired: () => Promise<boolean>
  readonly fetch: typeof fetch
}

export type Api = <N extends RouteName>(name: N, input?: CallInput<N>) => Promise<ReplyOf<N>>

function addressOf(baseUrl: string, route: RestRoute, input: CallInput<RouteName>): URL {
  const path = route.path.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(input.params?.[name] ?? ''),
  )
  const url = new URL(path, baseUrl)
  for (const [name, value] of Object.entries(input.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value))
  }
  return url
}

async function readProblem(response: Response): Promise<VesselError> {
  const parsed = problem.safeParse(await response.json().catch(() => null))
  if (!parsed.success) {
    // Not our server: a proxy's page, most often. Its status is all there is to go by.
    const code = response.status >= 502 ? 'OVERLOADED' : 'INTERNAL'
    return new VesselError(code, { detail: `status ${response.status} without a problem document` })
  }
  const { code, title, detail, retryAfterMs, issues } = parsed.data
  return new VesselError(code, {
    detail: detail ?? title,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(issues === undefined ? {} : { issues }),
  })
}

function requestOf(route: RestRoute, input: CallInput<RouteName>, token: string): RequestInit {
  const { body } = input
  const isUpload = body instanceof Blob
  const deadline = AbortSignal.timeout(isUpload ? UPLOAD_DEADLINE_MS : DEADLINE_MS)
  return {
    method: route.method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined
        ? {}
        : { 'content-type': isUpload ? 'application/zip' : 'application/json' }),
      ...(input.key === undefined ? {} : { 'idempotency-key': input.key }),
    },
    ...(body === undefined ? {} : { body: isUpload ? body : JSON.stringify(body) }),
    signal: input.signal ? AbortSignal.any([input.signal, deadline]) : deadline,
    // The session never is a cookie, and a redirect is never part of this API.
    credentials: 'omit',
    redirect: 'error',
    cache: 'no-store',
  }
}

/** One typed call per route of `proto`. Every reply is parsed; every refusal is a VesselError. */
export function createApi(deps: ApiDeps): Api {
  async function send(route: RestRoute, input: CallInput<RouteName>): Promise<Response> {
    const token = await deps.getToken()
    if (token === null) throw new VesselError('UNAUTHENTICATED')
    try {
      return await deps.fetch(addressOf(deps.baseUrl, route, input), requestOf(route, input, token))
    } catch (cause) {
      if (input.signal?.aborted) throw cause
      throw new NetworkError({ cause })
    }
  }

  async function attempt(route: RestRoute, input: CallInput<RouteName>): Promise<unknown> {
    const response = await send(route, input)
    if (!response.ok) throw await readProblem(response)
    const schema = route.replies[response.status]
    if (!schema) throw new VesselError('INTERNAL', { detail: `unknown reply ${response.status}` })
    const parsed = schema.safeParse(await response.json().catch(() => null))
    if (parsed.success) return parsed.data
    throw new VesselError('INTERNAL', { detail: 'unreadable reply', cause: parsed.error })
  }

  const isExpired = (error: unknown): boolean =>
    error instanceof VesselError &&
    (error.code === 'UNAUTHENTICATED' || error.code === 'TOKEN_EXPIRED')

  return async (name, input = {}) => {
    const route: RestRoute = REST_ROUTES[name]
    const call = input as CallInput<RouteName>
    const result = attempt(route, call).catch(async (error: unknown) => {
      if (!isExpired(error) || !(await deps.onExpired())) throw error
      return attempt(route, call)
    })
    return (await result) as never
  }
}
