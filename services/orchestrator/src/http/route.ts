import type { REST_ROUTES, RouteName } from '@vessel/proto/http/routes'
import type { z } from 'zod'
import type { Account } from '../account/ports.ts'
import type { Hosts, Principal, Sessions } from '../ports.ts'
import type { Projects } from '../projects/ports.ts'
import type { PARAMS } from './params.ts'

type Routes = typeof REST_ROUTES
type Query<N extends RouteName> = Routes[N] extends { query: infer Q extends z.ZodType }
  ? z.output<Q>
  : undefined
type Body<N extends RouteName> = Routes[N] extends { body: infer B extends z.ZodType }
  ? z.output<B>
  : undefined
type Replies<N extends RouteName> = Routes[N]['replies']

/** A request after its parts were parsed by the route's schemas. */
export interface Call<N extends RouteName> {
  readonly principal: Principal
  readonly params: z.output<(typeof PARAMS)[N]>
  readonly query: Query<N>
  readonly body: Body<N>
  /** The raw body of a route that takes a file, else null. */
  readonly upload: AsyncIterable<Uint8Array> | null
  /** The Idempotency-Key of a route that takes one, else null. */
  readonly key: string | null
  readonly traceparent: string
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal
}

/** One of the answers the route's schemas know. */
export type Reply<N extends RouteName> = {
  [S in keyof Replies<N>]: {
    readonly status: S
    readonly body: z.output<Extract<Replies<N>[S], z.ZodType>>
  }
}[keyof Replies<N>]

export interface RouteDeps {
  readonly sessions: Sessions
  readonly projects: Projects
  readonly hosts: Hosts
  readonly account: Account
  readonly hub: { connectionCount(): number }
  readonly limits: { readonly importBytesMax: number }
}

export type Handler<N extends RouteName> = (call: Call<N>, deps: RouteDeps) => Promise<Reply<N>>
