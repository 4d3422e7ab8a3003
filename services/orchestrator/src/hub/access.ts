import { parseTopic } from '@vessel/proto/browser/topics'
import { ERRORS } from '@vessel/proto/errors'
import { Slots } from '../slots.ts'
import type { Connection } from './connection.ts'
import type { HubContext } from './context.ts'
import type { Viewer } from './ports.ts'
import { refusalOf } from './subscribing.ts'

interface Question {
  readonly viewer: Viewer
  readonly name: string
  readonly connections: Connection[]
}

/**
 * Asks again, every few seconds, whether everyone may still watch what they watch: access taken
 * back ends the topic. One question per person and topic, however many tabs.
 */
export class AccessSweep {
  readonly #ctx: HubContext
  readonly #slots: Slots
  #isRunning = false

  constructor(ctx: HubContext) {
    this.#ctx = ctx
    this.#slots = new Slots(ctx.limits.accessChecksAtOnceMax)
  }

  /** A sweep that takes longer than the interval is not joined by a second. */
  async run(): Promise<void> {
    if (this.#isRunning) return
    this.#isRunning = true
    try {
      const never = new AbortController().signal
      const questions = collect(this.#ctx.connections)
      await Promise.all(
        questions.map((question) => this.#slots.run(() => this.#ask(question), never)),
      )
    } finally {
      this.#isRunning = false
    }
  }

  async #ask({ viewer, name, connections }: Question): Promise<void> {
    const topic = parseTopic(name)
    if (!topic) return
    try {
      if (await this.#ctx.domain.mayWatch(viewer, topic)) return
    } catch (cause) {
      // Not to be told now. Nobody is put out because a database is away.
      this.#ctx.log.warn({ topic: name, err: String(cause) }, 'access not checked')
      return
    }
    const code = refusalOf(topic)
    for (const connection of connections) {
      const watched = connection.topic(name)
      if (!watched) continue
      connection.unwatch(name)
      connection.sendError(code, ERRORS[code].title, watched.subId)
    }
  }
}

function collect(connections: Iterable<Connection>): Question[] {
  const questions = new Map<string, Question>()
  for (const connection of connections) {
    const { viewer } = connection
    if (!viewer) continue
    for (const { name, isOpen } of connection.topics) {
      // One's own topic cannot be taken away.
      if (!isOpen || name === `user:${viewer.userId}`) continue
      const key = `${viewer.userId} ${viewer.isAdmin} ${name}`
      const question = questions.get(key) ?? { viewer, name, connections: [] }
      question.connections.push(connection)
      questions.set(key, question)
    }
  }
  return [...questions.values()]
}
