import { until } from '../../e2e/support/until.ts'
import type { Cluster } from './cluster.ts'
import { clearStoreFaults, makeFault } from './faults.ts'
import { History } from './history.ts'
import { judge } from './judge.ts'
import { judgeFeeds } from './judge-feeds.ts'
import { leftovers } from './leftovers.ts'
import { Observer } from './observer.ts'
import { type Random, randomOf } from './random.ts'
import { Store } from './store.ts'
import { CONVERGE_MS, User } from './user.ts'

export interface SeedOptions {
  readonly users: number
  /** How long things break. */
  readonly stormMs: number
}

export interface SeedResult {
  readonly seed: number
  readonly visits: number
  readonly faults: number
  /** Items of feeds that browsers were shown. */
  readonly shown: number
  /** From the last repair until nothing was under way any more. */
  readonly convergedMs: number
  readonly violations: Readonly<Record<string, readonly string[]>>
  readonly history: History
}

const rest = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Breaks one thing after the other, some of them at the same time, until the storm is over. */
async function storm(
  cluster: Cluster,
  stormMs: number,
  { history, random }: { history: History; random: Random },
): Promise<void> {
  const endMs = history.nowMs() + stormMs
  const mending: Promise<void>[] = []
  while (history.nowMs() < endMs) {
    const fault = makeFault(cluster, random)
    history.tell({ what: 'fault', text: fault.text })
    await fault.inject()
    const lastsMs = random.whole(200, 4_000)
    mending.push(
      rest(lastsMs).then(async () => {
        await fault.mend()
        history.tell({ what: 'healed', text: fault.text })
      }),
    )
    await rest(random.whole(200, 2_000))
  }
  // A service cannot become ready while what it needs is still broken; all is mended below.
  await Promise.allSettled(mending)
  await cluster.healAll()
  await clearStoreFaults(cluster)
  history.tell({ what: 'healed', text: 'everything' })
}

async function settle(cluster: Cluster, store: Store): Promise<Record<string, string[]>> {
  const never: Record<string, string[]> = {}
  const wait = async (name: string, look: () => Promise<string[]>) => {
    let left: string[] = []
    const isNone = async () => {
      left = await look()
      return left.length === 0
    }
    await until(name, isNone, CONVERGE_MS).catch(() => {
      never[name] = left
    })
  }
  await wait('every session comes to its end', async () =>
    (await store.liveSessions()).map((session) => JSON.stringify(session)),
  )
  await wait('nothing is left on any host', () => leftovers(cluster))
  return never
}

/** One storm over users who go on working, and the judgement of what they were left with. */
export async function runSeed(
  cluster: Cluster,
  seed: number,
  { users: count, stormMs }: SeedOptions,
): Promise<SeedResult> {
  const random = randomOf(seed)
  const history = new History()
  const store = new Store(cluster)
  const own = Array.from({ length: count }, () => randomOf(random.whole(0, 2 ** 31 - 1)))
  const users = await Promise.all(own.map((random) => User.create({ cluster, history, random })))
  const readers = users.map((user) => user.readFeeds())
  const projects = users.map(({ project }) => project.id)
  const observer = new Observer({ cluster, store, projects })
  observer.start()
  let isOver = false
  const lives = users.map((user) => user.live(() => isOver))
  const outcome = Promise.allSettled(lives)
  await storm(cluster, stormMs, { history, random })
  isOver = true
  const healedMs = history.nowMs()
  for (const user of users) user.mustSettle()

  const stuck = (await outcome).flatMap((life) =>
    life.status === 'rejected' ? [String(life.reason)] : [],
  )
  const never = await settle(cluster, store)
  const convergedMs = history.nowMs() - healedMs
  await observer.stop()
  const archives = new Map(
    await Promise.all(projects.map(async (id) => [id, await store.archivesOf(id)] as const)),
  )
  const feeds = await Promise.all(
    users.map((user) => judgeFeeds(user.readFeeds(), user.newPlace(), CONVERGE_MS)),
  )
  const shown = readers.reduce((sum, { lineCount }) => sum + lineCount, 0)
  for (const reader of readers) reader.close()
  const violations = {
    ...judge({ told: history.told, archives }),
    ...never,
    'a browser shows what a page opened afterwards shows': feeds.flat(),
    'nobody is stuck': stuck,
    'at most one unfenced machine a project, and no head goes back': observer.violations,
  }
  const tellings = (what: string) => history.told.filter((deed) => deed.what === what).length
  const [visits, faults] = [tellings('ended'), tellings('fault')]
  return { seed, visits, faults, shown, convergedMs, violations, history }
}

export function violated({ violations }: SeedResult): string[] {
  return Object.entries(violations).flatMap(([name, found]) =>
    found.map((text) => `${name}: ${text}`),
  )
}
