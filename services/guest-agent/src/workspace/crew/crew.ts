import { availableParallelism } from 'node:os'
import { setImmediate } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'
import { type AnswerOf, type JobName, memoryOf, type OrderOf, runJob } from './jobs.ts'
import { startThread, type ThreadAnswer } from './thread.ts'
import { fromWire } from './thread-error.ts'

/** More threads wait for the disk, and each takes memory of a machine that may be small. */
const THREADS_MAX = 4
/** Starting threads takes as long as this many bytes take without them. */
const ALONE_BYTES = 4 * 1024 * 1024

interface Member {
  readonly worker: Worker
  readonly pending: Map<number, PromiseWithResolvers<unknown>>
}

/**
 * Does jobs on every core. The first few are done here and now, so that a small project never
 * starts a thread.
 */
export class Crew {
  readonly #width: number
  readonly #start: () => Worker
  #members: Member[] = []
  #aloneBytes = 0
  #lastId = 0

  constructor(width = availableParallelism(), start = startThread) {
    this.#width = Math.min(THREADS_MAX, width)
    this.#start = start
  }

  /** How many jobs to have begun at a time: each thread has the next one waiting. */
  get ahead(): number {
    return 2 * this.#width + 1
  }

  async run<N extends JobName>(name: N, order: OrderOf<N>): Promise<AnswerOf<N>> {
    this.#aloneBytes += order.bytes
    if (this.#aloneBytes <= ALONE_BYTES) {
      await setImmediate()
      return runJob(name, order)
    }
    while (this.#members.length < this.#width) this.#members.push(this.#hire())
    const { worker, pending } = this.#members.reduce((least, member) =>
      member.pending.size < least.pending.size ? member : least,
    )
    const outcome = Promise.withResolvers<unknown>()
    this.#lastId += 1
    pending.set(this.#lastId, outcome)
    worker.postMessage({ id: this.#lastId, name, order }, memoryOf(order))
    return outcome.promise as Promise<AnswerOf<N>>
  }

  /** MUST be called, also after a failure: the threads end with it. */
  async close(): Promise<void> {
    const members = this.#members
    this.#members = []
    await Promise.all(members.map(({ worker }) => worker.terminate()))
  }

  #hire(): Member {
    const worker = this.#start()
    const pending: Member['pending'] = new Map()
    const giveUp = (cause: unknown): void => {
      for (const { reject } of pending.values()) reject(cause)
      pending.clear()
    }
    worker.on('message', (message: ThreadAnswer) => {
      const outcome = pending.get(message.id)
      pending.delete(message.id)
      if ('error' in message) outcome?.reject(fromWire(message.error))
      else outcome?.resolve(message.answer)
    })
    worker.once('error', giveUp)
    worker.once('exit', () => giveUp(new Error('a thread ended before its work was done')))
    return { worker, pending }
  }
}

/** A crew for as long as `work` takes. */
export async function withCrew<R>(work: (crew: Crew) => Promise<R>): Promise<R> {
  const crew = new Crew()
  try {
    return await work(crew)
  } finally {
    await crew.close()
  }
}
