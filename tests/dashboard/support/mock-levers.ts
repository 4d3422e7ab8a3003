import type { ErrorCode } from '@vessel/proto/errors'
import type { FeedBody } from '@vessel/proto/events/feed'
import type { SystemMetrics } from '@vessel/proto/guest/messages'
import type { ProjectView } from '@vessel/proto/http/project-view'
import type { VersionView } from '@vessel/proto/http/projects'
import type { SessionView } from '@vessel/proto/http/session-view'

/** As the mock is told of them: ids, slugs and what else it makes up itself are left out. */
export type ProjectWish = Omit<Partial<ProjectView>, 'session'> & {
  readonly session?: Partial<SessionView>
}
export interface Made {
  readonly id: string
  readonly session: string | null
}
export interface Guest {
  readonly userId: string
  readonly name: string
  readonly state: 'editor' | 'boot' | 'dashboard' | 'away'
}

type Query = Readonly<Record<string, string>>

/** The levers of the API from memory, each a request to it. */
export class MockLevers {
  readonly #url: string

  constructor(url: string) {
    this.#url = url
  }

  user(email: string): Promise<unknown> {
    return this.#pull('user', { email })
  }

  project(email: string, wish: ProjectWish): Promise<Made> {
    return this.#pull('project', { email }, wish) as Promise<Made>
  }

  versions(project: string, items: readonly Partial<VersionView>[]): Promise<unknown> {
    return this.#pull('versions', { project }, { items })
  }

  session(project: string, change: Partial<SessionView>): Promise<unknown> {
    return this.#pull('session', { project }, change)
  }

  feed(project: string, items: readonly FeedBody[]): Promise<unknown> {
    return this.#pull('feed', { project }, { items })
  }

  metrics(project: string, samples: readonly SystemMetrics[]): Promise<unknown> {
    return this.#pull('metrics', { project }, { samples })
  }

  guests(project: string, members: readonly Guest[]): Promise<unknown> {
    return this.#pull('guests', { project }, { members })
  }

  /** A change of state for each project of a user, all at once. */
  stir(email: string): Promise<unknown> {
    return this.#pull('stir', { email })
  }

  /** Prints lines that are numbered from 0, or from where an earlier flood ended. */
  flood(
    project: string,
    { rate, lines, from = 0 }: { rate: number; lines: number; from?: number },
  ): Promise<unknown> {
    const query = { project, rate: `${rate}`, lines: `${lines}`, from: `${from}` }
    return this.#pull('flood', query)
  }

  /** What the user asks for under this path is not answered until mended. */
  hold(email: string, path: string): Promise<unknown> {
    return this.#pull('fault', { email, path })
  }

  refuse(email: string, path: string, code: ErrorCode): Promise<unknown> {
    return this.#pull('fault', { email, path, code })
  }

  /** Under this path the user is answered so, whatever the mock knows. */
  answer(email: string, path: string, body: object): Promise<unknown> {
    return this.#pull('answer', { email, path }, body)
  }

  mend(email: string): Promise<unknown> {
    return this.#pull('mend', { email })
  }

  expire(email: string): Promise<unknown> {
    return this.#pull('expire', { email })
  }

  /** The API answers, but no live connection can be made. */
  deaf(): Promise<unknown> {
    return this.#pull('deaf', {})
  }

  hear(): Promise<unknown> {
    return this.#pull('hear', {})
  }

  cut(): Promise<unknown> {
    return this.#pull('cut', {})
  }

  /** What the page keeps in its storage once someone has logged in. */
  async login(email: string): Promise<string> {
    const response = await fetch(`${this.#url}/auth/v1/token?grant_type=password`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password: 'vessel-demo' }),
    })
    return JSON.stringify(await response.json())
  }

  async #pull(name: string, query: Query, body: unknown = {}): Promise<unknown> {
    const response = await fetch(`${this.#url}/mock/${name}?${new URLSearchParams(query)}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`lever ${name}: ${response.status} ${await response.text()}`)
    return response.json()
  }
}
