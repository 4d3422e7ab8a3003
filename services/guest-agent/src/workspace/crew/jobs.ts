import { frameFiles } from '../tar-zst/frame-files.ts'
import { writeFiles } from '../tar-zst/write-files.ts'
import { codeFiles } from '../zip/code-files.ts'
import { unpackFiles } from '../zip/unpack-files.ts'

/**
 * Blocking work on a handful of small files, which any thread can do. An order says in `bytes` how
 * much work it is. `data` of an order or an answer MUST be alone in its memory: it goes over.
 */
export const JOBS = { codeFiles, unpackFiles, frameFiles, writeFiles }

export type JobName = keyof typeof JOBS
export type OrderOf<N extends JobName> = Parameters<(typeof JOBS)[N]>[0]
export type AnswerOf<N extends JobName> = ReturnType<(typeof JOBS)[N]>

/** The one place where name, order and answer are known to belong together. */
export function runJob<N extends JobName>(name: N, order: OrderOf<N>): AnswerOf<N> {
  return (JOBS[name] as (order: OrderOf<N>) => AnswerOf<N>)(order)
}

/** The memory that goes over instead of being copied. */
export function memoryOf(message: object): ArrayBuffer[] {
  const isBearer = 'data' in message && message.data instanceof Uint8Array
  return isBearer ? [(message.data as Uint8Array<ArrayBuffer>).buffer] : []
}
