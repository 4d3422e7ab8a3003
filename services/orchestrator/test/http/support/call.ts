import { problem } from '@vessel/proto/http/problem'
import type { HttpStack } from './http-stack.ts'
import type { TestUser } from './users.ts'

export interface CallOptions {
  readonly as?: TestUser
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects and fails else
  readonly body: any
}

/** `call(stack, 'POST /api/boot', {as, body})`: one request over real HTTP. */
export async function call(
  stack: Pick<HttpStack, 'url'>,
  line: string,
  options: CallOptions = {},
): Promise<Answer> {
  const [method = 'GET', path = '/'] = line.split(' ')
  const { as, body } = options
  const isRaw = body instanceof Uint8Array || typeof body === 'string'
  const response = await fetch(`${stack.url}${path}`, {
    method,
    headers: {
      ...(as ? { authorization: `Bearer ${as.token}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...options.headers,
    },
    ...(body === undefined ? {} : { body: isRaw ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') === true
  return {
    status: response.status,
    headers: response.headers,
    body: isJson ? JSON.parse(text) : text,
  }
}

/** The code of a refusal, after its document was held against the contract. */
export function codeOf(answer: Answer): string {
  const document = problem.parse(answer.body)
  const type = answer.headers.get('content-type')
  if (!type?.startsWith('application/problem+json')) throw new Error(`not a problem: ${type}`)
  if (document.status !== answer.status) throw new Error('the document has another status')
  return document.code
}
