import { type ProjectView, projectView } from '@vessel/proto/http/project-view'
import type { SessionView } from '@vessel/proto/http/session-view'
import { isEnded } from '@vessel/proto/session-state'
import { bootReply } from '../../support/boot-reply.ts'
import { callApi, Person } from '../../support/person.ts'
import type { Cluster } from './cluster.ts'
import { addEdit, editsFile, readEdits } from './edits-file.ts'
import { FeedReader, type ReaderPlace } from './feed-reader.ts'
import type { History } from './history.ts'
import { type Random, randomOf } from './random.ts'

const POLL_MS = 150
/** Of design §9: whatever happened, everything has settled this long after the last fault. */
export const CONVERGE_MS = 120_000
const EDITS_MAX = 3

const rest = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Runs a part of a visit and says whether something of note happened. */
type Part = (work: () => Promise<unknown>) => Promise<boolean>
export interface Watch {
  readonly open?: Part
  readonly leave?: Part
}
const simply: Part = async (work) => {
  await work()
  return false
}

/** One person who opens a project, writes in it and leaves, over and over. */
export class User {
  readonly #cluster: Cluster
  readonly #history: History
  readonly #random: Random
  readonly #person: Person
  readonly project: ProjectView
  #reader: FeedReader | null = null
  #lastLine = 0
  /** Faults may make anything take long; what is over the limit of the design is a violation. */
  #giveUpAt = Number.POSITIVE_INFINITY

  private constructor(
    parts: { cluster: Cluster; history: History; random: Random },
    person: Person,
    project: ProjectView,
  ) {
    this.#cluster = parts.cluster
    this.#history = parts.history
    this.#random = parts.random
    this.#person = person
    this.project = project
  }

  static async create(parts: {
    cluster: Cluster
    history: History
    random: Random
  }): Promise<User> {
    const api = parts.cluster.orchestrators[0] ?? ''
    const person = await Person.signUp(parts.cluster.placesBy(api))
    return new User(parts, person, await person.createProject('blank'))
  }

  /** From now on this person also looks at the boot screen of whatever they open. */
  readFeeds(): FeedReader {
    this.#reader ??= new FeedReader(this.newPlace())
    return this.#reader
  }

  newPlace(): ReaderPlace {
    const { orchestrators } = this.#cluster
    const { dashboard } = this.#cluster.placesBy(orchestrators[0] ?? '').urls
    // Of its own: reconnects come when they come, and must not change what the seed decides.
    const own = randomOf(this.#random.whole(0, 2 ** 31 - 1))
    const random = () => own.fraction()
    return { orchestrators, origin: new URL(dashboard).origin, token: this.#person.token, random }
  }

  /** From now on everything must have come to an end within the limit. */
  mustSettle(): void {
    this.#giveUpAt = performance.now() + CONVERGE_MS
  }

  async live(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      await this.visit()
      await rest(this.#random.whole(0, 1_000))
    }
  }

  /** One visit, from opening to having left; its parts may be run by somebody who watches them. */
  async visit(watch: Watch = {}): Promise<boolean> {
    const { open = simply, leave = simply } = watch
    let opened: SessionView | null = null
    const wasOpened = await open(async () => {
      opened = await this.open()
    })
    if (!opened) return wasOpened
    const { id } = opened as SessionView
    await this.#work(id)
    return (await leave(() => this.leave(id))) || wasOpened
  }

  async #work(session: string): Promise<void> {
    const lines = await readEdits(editsFile(this.#cluster.hosts, session))
    // The machine may be gone again by the time it is looked at.
    if (lines) this.#told('opened', { session, lines })
    for (let left = this.#random.whole(1, EDITS_MAX); left > 0 && lines; left -= 1) {
      if ((await this.write(session)) === null) break
      await rest(this.#random.whole(50, 900))
    }
  }

  /** Adds the next line; null when the machine's disk is not there any more. */
  async write(session: string): Promise<number | null> {
    const line = this.#lastLine + 1
    if (!(await addEdit(editsFile(this.#cluster.hosts, session), line))) return null
    this.#lastLine = line
    this.#told('edited', { session, line })
    return line
  }

  async open(): Promise<SessionView | null> {
    const reply = await this.#ask('POST', '/api/boot', { projectId: this.project.id })
    if (!reply) return null
    const { session } = bootReply.parse(reply)
    this.#reader?.watch(session.id)
    const view = await this.until((now) => now?.state === 'ready' || isOverFor(now, session.id))
    if (view?.state === 'ready') return view
    if (view) this.#ended(view)
    return null
  }

  async leave(session: string): Promise<void> {
    this.#told('leaving', { session })
    await this.#ask('POST', '/api/shutdown', { projectId: this.project.id })
    const view = await this.until((now) => isOverFor(now, session))
    if (view?.id === session) this.#ended(view)
  }

  #ended({ id: session, state, endReason: reason, failure }: SessionView): void {
    const { id: project } = this.project
    const code = failure?.code ?? null
    this.#history.tell({ what: 'ended', project, session, state, reason, code })
  }

  #told(
    what: 'opened' | 'edited' | 'leaving',
    deed: { session: string; line?: number; lines?: readonly number[] },
  ): void {
    const told = { what, project: this.project.id, ...deed }
    this.#history.tell(told as Parameters<History['tell']>[0])
  }

  /** The session as it stands, asked again and again until it is as wanted. */
  async until(isIt: (view: SessionView | null) => boolean): Promise<SessionView | null> {
    for (;;) {
      const answer = await this.#ask('GET', `/api/projects/${this.project.id}`)
      const { session } = projectView.parse(answer)
      if (isIt(session)) return session
      await rest(POLL_MS)
    }
  }

  /**
   * An answer of whichever orchestrator gives one. Null: refused for a reason that asking again
   * does not mend.
   */
  async #ask(method: string, path: string, body?: unknown): Promise<unknown> {
    for (;;) {
      if (performance.now() > this.#giveUpAt) {
        throw new Error(`stuck: ${method} ${path} of ${this.project.id} had no end`)
      }
      const api = this.#random.pick(this.#cluster.orchestrators)
      const call = { method, path, body, token: this.#person.token }
      const answer = await callApi(api, call).catch(() => null)
      if (answer && answer.status < 400) return answer.body
      if (answer && answer.status < 500 && answer.status !== 429) return null
      await rest(POLL_MS)
    }
  }
}

/** Ended, or not even the one shown any more. */
function isOverFor(view: SessionView | null, session: string): boolean {
  return view === null || view.id !== session || isEnded(view.state)
}
