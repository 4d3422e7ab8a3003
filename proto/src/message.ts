import { z } from 'zod'
import { type ErrorShape, errorShape } from './error-shape.ts'

/** A request with one reply. The reply always is an envelope: a refusal is data, not silence. */
export interface Exchange<Req extends z.ZodType, Rep extends z.ZodType> {
  readonly name: string
  readonly direction: 'orchestrator → agent' | 'agent → orchestrator'
  readonly summary: string
  readonly request: Req
  readonly reply: Rep
}

export const replyEnvelope = <Rep extends z.ZodType>(reply: Rep) =>
  z.discriminatedUnion('ok', [
    z.object({ ok: z.literal(true), value: reply }),
    z.object({ ok: z.literal(false), error: errorShape }),
  ])

export type Reply<T> = { ok: true; value: T } | { ok: false; error: ErrorShape }

/** A command of the orchestrator to one host. */
export function defineCommand<Req extends z.ZodType, Rep extends z.ZodType>(
  name: string,
  summary: string,
  shapes: { request: Req; reply: Rep },
): Exchange<Req, Rep> {
  return { name, summary, direction: 'orchestrator → agent', ...shapes }
}

/** A request of an agent to whichever orchestrator answers first. */
export function defineRequest<Req extends z.ZodType, Rep extends z.ZodType>(
  name: string,
  summary: string,
  shapes: { request: Req; reply: Rep },
): Exchange<Req, Rep> {
  return { name, summary, direction: 'agent → orchestrator', ...shapes }
}

export type RequestOf<E> = E extends Exchange<infer Req, z.ZodType> ? z.infer<Req> : never
export type ReplyOf<E> = E extends Exchange<z.ZodType, infer Rep> ? z.infer<Rep> : never
