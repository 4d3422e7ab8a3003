import { once } from 'node:events'
import { createServer } from 'node:net'
import process from 'node:process'

/**
 * Below those the system hands out to whoever connects somewhere: a service that was killed must
 * find its port free when it comes back. Suites that run beside each other take from other ranges.
 */
const FIRST = 12_000
const PER_WORKER = 5_000
const WORKERS = 4
const TRIES_MAX = 1_000

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  const outcome = once(server, 'listening').then(
    () => true,
    () => false,
  )
  server.listen(port, '127.0.0.1')
  if (!(await outcome)) return false
  await once(server.close(), 'close')
  return true
}

/** Ports nobody uses; no port is given twice. */
export class PortPool {
  readonly #base = FIRST + (Number(process.env.JEST_WORKER_ID ?? '1') % WORKERS) * PER_WORKER
  readonly #given = new Set<number>()

  async take(count: number): Promise<number[]> {
    const taken: number[] = []
    for (let tries = 0; taken.length < count; tries += 1) {
      if (tries > TRIES_MAX) throw new Error(`no ${count} free ports`)
      const port = this.#base + Math.floor(Math.random() * PER_WORKER)
      if (this.#given.has(port) || !(await isFree(port))) continue
      this.#given.add(port)
      taken.push(port)
    }
    return taken
  }
}
