import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { until } from '../e2e/support/until.ts'
import { Cluster } from './support/cluster.ts'
import { History } from './support/history.ts'
import { judge } from './support/judge.ts'
import { leftovers } from './support/leftovers.ts'
import { randomOf } from './support/random.ts'
import { Store } from './support/store.ts'
import { CONVERGE_MS, User } from './support/user.ts'

/** Every point is a walk of minutes; `make test-faults` takes it, `make test` every few steps. */
const STRIDE = Number(process.env.VESSEL_KILL_STRIDE ?? '12')
/** More sends than any boot or save makes: the walk ends where nothing is left to interrupt. */
const POINTS_MAX = 400
const START_MS = 120_000
const WALK_MS = 45 * 60_000
const PRELOAD = join(import.meta.dirname, 'support/kill-point.mjs')
const KILL_FILE = join(tmpdir(), `vessel-kill-${process.pid}`)

let cluster: Cluster
let store: Store

beforeAll(async () => {
  const orchestrator = { VESSEL_KILL_FILE: KILL_FILE }
  const options = { orchestrators: 1, hosts: 1, preload: PRELOAD, env: { orchestrator } }
  cluster = await Cluster.start(options)
  store = new Store(cluster)
}, START_MS)

afterAll(() => cluster?.stop(), START_MS)

async function arm(point: number): Promise<void> {
  await writeFile(KILL_FILE, String(point))
  process.kill(cluster.pid('o1') ?? 0, 'SIGUSR2')
}

/** Lets the work run into the point. Whether it got there before the work was done. */
async function interrupt(point: number, work: () => Promise<unknown>): Promise<boolean> {
  const victim = cluster.pid('o1')
  await arm(point)
  let isDone = false
  const done = work().finally(() => {
    isDone = true
  })
  const hasDied = () => cluster.pid('o1') !== victim
  await until('it is done, or dies', () => isDone || hasDied(), CONVERGE_MS)
  const wasReached = hasDied()
  if (wasReached) await cluster.start('o1')
  await done
  // Disarmed, or it would go off in the next work.
  await arm(POINTS_MAX * POINTS_MAX)
  return wasReached
}

interface Visit {
  readonly user: User
  readonly history: History
  readonly points: number[]
}

/** Visits with a kill at every point of one part of the visit, until the part has no more. */
async function walk(part: 'open' | 'leave'): Promise<Visit> {
  const history = new History()
  const user = await User.create({ cluster, history, random: randomOf(1) })
  const points: number[] = []
  for (let point = 1; point < POINTS_MAX; point += STRIDE) {
    user.mustSettle()
    const isReached = await user.visit({
      [part]: (work: () => Promise<unknown>) => interrupt(point, work),
    })
    if (!isReached) return { user, history, points }
    points.push(point)
  }
  throw new Error(`more than ${POINTS_MAX} points`)
}

describe('an orchestrator that is killed before it sends', () => {
  it.each(['open', 'leave'] as const)(
    'anything while a user would %s: the session gets there, and nothing is lost',
    async (part) => {
      const { user, history, points } = await walk(part)
      process.stderr.write(`kill points of ${part}: ${points.length} walked, to ${points.at(-1)}\n`)
      expect(points.length).toBeGreaterThan(1)
      await until(
        'all is quiet',
        async () => (await store.liveSessions()).length === 0,
        CONVERGE_MS,
      )
      await until(
        'nothing is left',
        async () => (await leftovers(cluster)).length === 0,
        CONVERGE_MS,
      )
      const archives = new Map([[user.project.id, await store.archivesOf(user.project.id)]])
      const violations = Object.values(judge({ told: history.told, archives })).flat()
      expect(violations).toEqual([])
      const ends = history.told.flatMap((deed) => (deed.what === 'ended' ? [deed.state] : []))
      expect(new Set(ends)).toEqual(new Set(['stopped']))
    },
    WALK_MS,
  )
})
