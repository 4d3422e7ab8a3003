import { type IncomingMessage, request } from 'node:http'
import type { Readable } from 'node:stream'
import { errorShape } from '@vessel/proto/error-shape'
import { VesselError } from '@vessel/proto/errors'
import { HEADERS } from '@vessel/proto/headers'
import type { GuestRef } from '../vm/ports.ts'

export interface GuestCall {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Readable | string
  readonly signal: AbortSignal
}

/** Answers of the guest other than archives and streams are small. */
export const ANSWER_BYTES_MAX = 16 * 1024 * 1024

/**
 * One request to a guest. Everything in a machine is hostile: no redirect is followed, no answer is
 * read without a bound, and a call without an answer is ended by its signal.
 */
export async function callGuest(ref: GuestRef, call: GuestCall): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const outgoing = request({
    host: ref.endpoint.ip,
    port: ref.endpoint.port,
    method: call.method,
    path: call.path,
    headers: { ...call.headers, [HEADERS.guestToken]: ref.token },
    signal: call.signal,
    // One connection per call: a guest that hangs holds nothing but its own call.
    agent: false,
  })
  outgoing.once('response', resolve)
  outgoing.once('error', reject)
  if (call.body === undefined || typeof call.body === 'string') outgoing.end(call.body)
  else {
    call.body.once('error', (cause) => outgoing.destroy(cause))
    call.body.pipe(outgoing)
  }
  let response: IncomingMessage
  try {
    response = await promise
  } catch (cause) {
    if (call.signal.aborted) throw call.signal.reason
    throw new VesselError('GUEST_TIMEOUT', { detail: 'the machine does not answer', cause })
  }
  if (response.statusCode === 200) return response
  throw await refusalOf(response)
}

async function refusalOf(response: IncomingMessage): Promise<VesselError> {
  const status = response.statusCode ?? 0
  try {
    const text = await readText(response)
    const value: unknown = JSON.parse(text)
    const shape = errorShape.safeParse(
      typeof value === 'object' && value !== null && 'error' in value ? value.error : value,
    )
    if (shape.success) return VesselError.fromShape(shape.data)
  } catch {
    // Not one of our errors: the status says all there is.
  }
  return new VesselError('GUEST_TIMEOUT', { detail: `the machine answered ${status}` })
}

export async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > ANSWER_BYTES_MAX) {
      response.destroy()
      throw new VesselError('BODY_TOO_LARGE', { detail: 'the answer of the machine is too large' })
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
