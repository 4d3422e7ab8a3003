import { randomUUID } from 'node:crypto'
import { createClient } from '@supabase/supabase-js'
import { problem } from '@vessel/proto/http/problem'
import { type ProjectView, projectView } from '@vessel/proto/http/project-view'
import { type BootReply, bootReply } from './boot-reply.ts'

export interface Places {
  readonly urls: { readonly api: string; readonly supabase: string; readonly dashboard: string }
  readonly keys: { readonly supabaseAnonKey: string }
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

const CALL_TIMEOUT_MS = 20_000

/** Someone with an account of their own, who uses the API without a browser. */
export class Person {
  readonly email: string
  readonly password: string
  readonly userId: string
  readonly token: string
  readonly #places: Places

  private constructor(
    places: Places,
    who: { email: string; password: string; userId: string; token: string },
  ) {
    this.#places = places
    this.email = who.email
    this.password = who.password
    this.userId = who.userId
    this.token = who.token
  }

  static async signUp(places: Places): Promise<Person> {
    const email = `${randomUUID()}@vessel.test`
    const password = randomUUID()
    const { data, error } = await authOf(places).signUp({ email, password })
    if (error || !data.session) throw new Error('sign-up failed', { cause: error })
    const { access_token: token, user } = data.session
    return new Person(places, { email, password, userId: user.id, token })
  }

  /** The same person on another device. */
  async logInAgain(): Promise<Person> {
    const { email, password, userId } = this
    const { data, error } = await authOf(this.#places).signInWithPassword({ email, password })
    if (error) throw new Error('log-in failed', { cause: error })
    const token = data.session.access_token
    return new Person(this.#places, { email, password, userId, token })
  }

  call(method: string, path: string, body?: unknown): Promise<Answer> {
    return callApi(this.#places.urls.api, { method, path, body, token: this.token })
  }

  async createProject(template = 'blank'): Promise<ProjectView> {
    const name = `Project ${randomUUID().slice(0, 8)}`
    const { status, body } = await this.call('POST', '/api/projects', { name, template })
    if (status !== 201) throw new Error(`create: ${status} ${JSON.stringify(body)}`)
    return projectView.parse(body)
  }

  async boot(projectId: string): Promise<BootReply> {
    const { status, body } = await this.call('POST', '/api/boot', { projectId })
    if (status !== 200 && status !== 202) throw new Error(`boot: ${status} ${JSON.stringify(body)}`)
    return bootReply.parse(body)
  }
}

function authOf({ urls, keys }: Places) {
  return createClient(urls.supabase, keys.supabaseAnonKey, {
    auth: { persistSession: false, autoRefreshToken: false },
  }).auth
}

export interface ApiCall {
  readonly method: string
  readonly path: string
  readonly body?: unknown
  readonly token?: string | null
  readonly headers?: Readonly<Record<string, string>>
}

/** One request; an error's body is checked to be a problem document. */
export async function callApi(api: string, call: ApiCall): Promise<Answer> {
  const hasBody = call.body !== undefined
  const response = await fetch(new URL(call.path, api), {
    method: call.method,
    headers: {
      ...(call.token ? { authorization: `Bearer ${call.token}` } : {}),
      ...(hasBody ? { 'content-type': 'application/json' } : {}),
      ...call.headers,
    },
    ...(hasBody ? { body: JSON.stringify(call.body) } : {}),
    signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
  })
  const text = await response.text()
  const body: unknown = text === '' ? null : JSON.parse(text)
  if (!response.ok) problem.parse(body)
  return { status: response.status, headers: response.headers, body }
}
