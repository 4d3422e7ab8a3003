import { type ChildProcess, fork } from 'node:child_process'

/** What a child process can be asked; see `serve`. */
type Method = (arg: never) => unknown
type ArgOf<F> = F extends (arg: infer A) => unknown ? A : never
type AnswerOf<F> = F extends Method ? Awaited<ReturnType<F>> : never

interface Question {
  readonly id: number
  readonly method: string
  readonly arg: unknown
}

type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string }

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (cause: Error) => void
}

/** A process of its own that answers questions: load must not share a loop with what it loads. */
export class Worker<M extends object> {
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, Waiting>()
  #nextId = 1

  constructor(file: URL, args: readonly string[] = []) {
    this.#child = fork(file, args, {
      execArgv: [
        '--conditions=development',
        '--expose-gc',
        '--disable-warning=ExperimentalWarning',
      ],
      serialization: 'advanced',
    })
    this.#child.on('message', (answer: Answer) => this.#onAnswer(answer))
    this.#child.on('exit', (code, signal) => {
      const cause = new Error(`${file.pathname} ended: ${code ?? signal}`)
      for (const { reject } of this.#waiting.values()) reject(cause)
      this.#waiting.clear()
    })
  }

  call<K extends keyof M & string>(method: K, arg: ArgOf<M[K]>): Promise<AnswerOf<M[K]>> {
    const id = this.#nextId
    this.#nextId += 1
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: (value) => resolve(value as AnswerOf<M[K]>), reject })
      this.#child.send({ id, method, arg } satisfies Question)
    })
  }

  /** kill -9, also to stop it: nothing it holds outlives it. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const ended = new Promise((resolve) => this.#child.once('exit', resolve))
    this.#child.kill('SIGKILL')
    await ended
  }

  #onAnswer(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id)
    this.#waiting.delete(answer.id)
    if ('error' in answer) waiting?.reject(new Error(answer.error))
    else waiting?.resolve(answer.value)
  }
}

/** The other side of `Worker`: answers with what the method returns, for as long as it is asked. */
export function serve<M extends { readonly [K in keyof M]: Method }>(methods: M): void {
  process.on('message', ({ id, method, arg }: Question) => {
    const run = async () => methods[method as keyof M]?.(arg as never)
    run().then(
      (value) => process.send?.({ id, value } satisfies Answer),
      (cause: unknown) => {
        const error = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
        process.send?.({ id, error } satisfies Answer)
      },
    )
  })
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
}
