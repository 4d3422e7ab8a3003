import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { until } from '../e2e/support/until.ts'
import { Person } from '../support/person.ts'
import { type Balancer, startBalancer } from './support/balancer.ts'
import { Cluster } from './support/cluster.ts'

const START_MS = 120_000
const RUN_MS = 300_000
const PEOPLE = 8
const REST_MS = 20
/** More than the balancer takes to notice that a copy leaves. */
const LEAVE_NOTICE_MS = '1500'

let cluster: Cluster
let balancer: Balancer

beforeAll(async () => {
  cluster = await Cluster.start({ hosts: 1, env: { orchestrator: { LEAVE_NOTICE_MS } } })
  balancer = await startBalancer(cluster.orchestrators)
}, START_MS)

afterAll(async () => {
  await balancer?.close()
  await cluster?.stop()
}, START_MS)

interface Tally {
  answered: number
  readonly failed: string[]
}

/** What a dashboard asks all day, and an opening and leaving now and then. */
async function work(person: Person, projectId: string, until: AbortSignal): Promise<Tally> {
  const tally: Tally = { answered: 0, failed: [] }
  const rounds = [
    ['GET', '/api/projects'],
    ['GET', `/api/status/${projectId}`],
    ['POST', '/api/boot', { projectId }],
    ['POST', '/api/heartbeat', { projectId, source: 'editor' }],
    ['GET', `/api/projects/${projectId}/versions`],
  ] as const
  for (let round = 0; !until.aborted; round += 1) {
    const [method, path, body] = rounds[round % rounds.length] ?? rounds[0]
    const failed = await person.call(method, path, body).then(
      // A heartbeat may come between two sessions: that is an answer like another.
      ({ status, body: said }) => (status < 500 ? null : `${status} ${JSON.stringify(said)}`),
      (thrown: Error) => `${thrown.message} ${String(thrown.cause ?? '')}`,
    )
    if (failed === null) tally.answered += 1
    else tally.failed.push(`${method} ${path}: ${failed}`)
    await delay(REST_MS)
  }
  return tally
}

describe('orchestrators that are restarted one after the other', () => {
  it(
    'answer every request of people at work',
    async () => {
      const people = await Promise.all(
        Array.from({ length: PEOPLE }, () => Person.signUp(cluster.placesBy(balancer.url))),
      )
      const projects = await Promise.all(people.map((person) => person.createProject()))
      const done = new AbortController()
      const working = people.map((person, at) => work(person, projects[at]?.id ?? '', done.signal))
      try {
        for (const name of ['o1', 'o2', 'o1']) {
          await cluster.end(name)
          await cluster.start(name)
          await until('it is in the rotation again', () => balancer.readyCount() === 2, START_MS)
        }
      } finally {
        done.abort()
      }
      const tallies = await Promise.all(working)
      expect(tallies.flatMap(({ failed }) => failed)).toEqual([])
      const answered = tallies.reduce((sum, tally) => sum + tally.answered, 0)
      expect(answered).toBeGreaterThan(200)
      process.stderr.write(`${answered} requests answered over three restarts\n`)
    },
    RUN_MS,
  )
})
