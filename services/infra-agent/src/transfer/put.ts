import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { Readable } from 'node:stream'
import { VesselError } from '@vessel/proto/errors'
import type { ArchiveReader } from '../vm/ports.ts'

export interface SendOptions {
  readonly method: 'PUT' | 'POST' | 'PATCH' | 'HEAD'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** A part of an archive as the body. */
  readonly body?: {
    readonly archive: ArchiveReader
    readonly from: number
    readonly bytes: number
  }
  readonly onBytes?: (bytes: number) => void
  readonly signal: AbortSignal
}
export interface SendAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

/** Storage answers are short; more of one is of no use to anyone. */
const ANSWER_CHARS_MAX = 4_096

/**
 * One request to the file store with an exact content-length; redirects are answers like others.
 */
export async function send(options: SendOptions): Promise<SendAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<SendAnswer>()
  const { body } = options
  const request = options.url.startsWith('https:') ? requestHttps : requestHttp
  const outgoing = request(options.url, {
    method: options.method,
    headers: { ...options.headers, 'content-length': String(body?.bytes ?? 0) },
    signal: options.signal,
  })
  outgoing.once('error', reject)
  outgoing.once('response', (response) => {
    let text = ''
    response.setEncoding('utf8')
    response.on('data', (chunk: string) => {
      text = (text + chunk).slice(0, ANSWER_CHARS_MAX)
    })
    response.once('error', reject)
    response.once('end', () => {
      resolve({ status: response.statusCode ?? 0, headers: response.headers, text })
    })
  })
  if (body && body.bytes > 0) {
    const source = Readable.from(body.archive.read(body.from, body.bytes))
    let sent = 0
    source.on('data', (chunk: Buffer) => {
      sent += chunk.length
      options.onBytes?.(sent)
    })
    source.once('error', (cause) => outgoing.destroy(cause))
    outgoing.once('close', () => source.destroy())
    source.pipe(outgoing)
  } else outgoing.end()
  try {
    return await promise
  } catch (cause) {
    if (options.signal.aborted) throw options.signal.reason
    throw new VesselError('STORAGE_DOWN', { detail: 'the connection to storage broke', cause })
  }
}

/** A signature that ran out is renewed by the caller; what may pass is tried again. */
export function refusalOf(answer: SendAnswer): VesselError {
  const detail = `the file store answered ${answer.status}: ${answer.text.slice(0, 200)}`
  return new VesselError(answer.status >= 500 ? 'STORAGE_DOWN' : 'UPLOAD_FAILED', { detail })
}
