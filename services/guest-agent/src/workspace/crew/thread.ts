import { isMainThread, type MessagePort, parentPort, Worker, workerData } from 'node:worker_threads'
import { type JobName, memoryOf, type OrderOf, runJob } from './jobs.ts'
import { toWire, type WireError } from './thread-error.ts'

export interface ThreadOrder {
  readonly id: number
  readonly name: JobName
  readonly order: OrderOf<JobName>
}

export type ThreadAnswer =
  | { readonly id: number; readonly answer: object }
  | { readonly id: number; readonly error: WireError }

const ROLE = 'vessel-crew'
/** A batch is a few megabytes; what takes more than this is a bug, and ends only the save. */
const LIMITS = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 16 }

/**
 * A thread that runs this very file: the source here, the whole bundle where the agent is
 * installed as one file. `bundle.ts` therefore starts nothing but this in a thread.
 */
export function startThread(): Worker {
  return new Worker(new URL(import.meta.url), {
    workerData: ROLE,
    execArgv: ['--conditions=development'],
    // Nothing a job does needs it, and it may hold what is not for files.
    env: {},
    resourceLimits: LIMITS,
  })
}

function serve(port: MessagePort): void {
  port.on('message', ({ id, name, order }: ThreadOrder) => {
    try {
      const answer = runJob(name, order)
      port.postMessage({ id, answer }, memoryOf(answer))
    } catch (thrown) {
      port.postMessage({ id, error: toWire(thrown) })
    }
  })
}

if (!isMainThread && workerData === ROLE && parentPort) serve(parentPort)
