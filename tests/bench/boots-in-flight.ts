import { readFile } from 'node:fs/promises'
import { nkeyAuthenticator } from '@nats-io/transport-node'
import { HostStandIn } from '@vessel/orchestrator/testing/host-stand-in'
import { type Product, startProduct } from '../e2e/support/product.ts'
import { until } from '../e2e/support/until.ts'
import { Person } from '../support/person.ts'
import type { Outcome } from './outcome.ts'
import { percentile } from './percentile.ts'

const BOOTS = 20
const REQUESTS = 400
/** Of the issue: reading the list may take this much longer at the 99th percentile. */
const RATIO_MAX = 2

/**
 * Whether people who only look are slowed down by people who boot. The hosts are stand-ins that
 * take every start and never finish it: in production they are other machines, and here the boots
 * shall be in flight for the whole measurement.
 */
export async function bootsInFlight(): Promise<Outcome> {
  const limits = { SESSIONS_PER_USER_MAX: '100', MEMORY_MIB_PER_USER_MAX: '1000000' }
  const product = await startProduct({
    only: ['nats', 'redis', 'supabase', 'orchestrator'],
    env: { orchestrator: { ...limits, REQUESTS_PER_MINUTE_MAX: '1000000', LOG_LEVEL: 'warn' } },
  })
  const host = await startHost(product)
  try {
    const person = await Person.signUp(product)
    const projects = []
    for (let index = 0; index < BOOTS; index += 1) projects.push(await person.createProject())

    await measure(person)
    const idle = await measure(person)
    const answers = await Promise.all(projects.map((project) => timedBoot(person, project.id)))
    const during = measure(person)
    await until('all are in flight', () => host.starts.length >= BOOTS, 60_000)
    const starting = await during
    const inFlight = await measure(person)

    const base = percentile(idle, 0.99)
    // The worse of both: while they are placed, and while their machines start.
    const worst = Math.max(percentile(starting, 0.99), percentile(inFlight, 0.99))
    return {
      name: 'boots in flight',
      columns: ['ms'],
      rows: [
        { what: 'p99 idle', values: [base] },
        { what: 'p99 while 20 boots are being placed', values: [percentile(starting, 0.99)] },
        { what: 'p99 with 20 boots in flight', values: [percentile(inFlight, 0.99)] },
        { what: 'p50 idle', values: [percentile(idle, 0.5)] },
        { what: 'p50 with 20 boots in flight', values: [percentile(inFlight, 0.5)] },
        { what: 'slowest answer to POST /api/boot of 20', values: [Math.max(...answers)] },
      ],
      bars: [
        {
          what: `p99 of GET /api/projects with ${BOOTS} boots in flight, of idle`,
          is: 'at most',
          limit: RATIO_MAX,
          reached: worst / base,
          unit: '×',
        },
      ],
    }
  } finally {
    await host.stop()
    await product.stop()
  }
}

async function startHost(product: Product): Promise<HostStandIn> {
  const seed = (await readFile(product.keys.agentNkeyFile, 'utf8')).trim()
  return HostStandIn.start('h1', {
    servers: product.urls.nats,
    inboxPrefix: '_INBOX.h1',
    authenticator: nkeyAuthenticator(new TextEncoder().encode(seed)),
  })
}

async function measure(person: Person): Promise<number[]> {
  const times: number[] = []
  for (let index = 0; index < REQUESTS; index += 1) {
    const startedAt = performance.now()
    const { status } = await person.call('GET', '/api/projects')
    if (status !== 200) throw new Error(`GET /api/projects: ${status}`)
    times.push(performance.now() - startedAt)
  }
  return times
}

async function timedBoot(person: Person, projectId: string): Promise<number> {
  const startedAt = performance.now()
  await person.boot(projectId)
  return performance.now() - startedAt
}
