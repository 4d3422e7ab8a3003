import { addCrowd, projectsOf } from '@vessel/orchestrator/testing/crowd'
import { World } from '@vessel/orchestrator/testing/world'
import type { Outcome } from './outcome.ts'
import { percentile } from './percentile.ts'

const SMALL = { projects: 100, live: 20 }
const LARGE = { projects: 9_900, live: 980 }
const OWN_PROJECTS = 20
const ROUNDS = 150
/** Of the issue: how much longer with a hundred times as many projects. */
const RATIO_MAX = 1.5
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

type Times = Record<'list' | 'status' | 'boot', number>

/** What a person waits for, while there are a hundred projects of all people or ten thousand. */
export async function scale(): Promise<Outcome> {
  const world = await World.create()
  try {
    await addCrowd(world, SMALL)
    await measure(world)
    const few = await measure(world)
    await addCrowd(world, LARGE)
    const many = await measure(world)
    const ratio = (what: keyof Times) => many[what] / few[what]
    const names = Object.keys(few) as (keyof Times)[]
    return {
      name: 'scale',
      columns: ['100 ms', '10,000 ms'],
      rows: names.map((what) => ({ what: `p50 of ${what}`, values: [few[what], many[what]] })),
      bars: names.map((what) => ({
        ...{ what: `${what} at 10,000 projects over 100`, is: 'at most', unit: '×' },
        limit: RATIO_MAX,
        reached: ratio(what),
      })),
    }
  } finally {
    await world.destroy()
  }
}

/** Of the middle of many calls, past every cache but the database's own. */
async function measure(world: World): Promise<Times> {
  const core = await world.core()
  const { userId } = await world.owner()
  const mine = []
  for (let index = 0; index < OWN_PROJECTS; index += 1) mine.push(await world.project(userId))
  const projects = projectsOf(world)
  const page = { limit: 50, cursor: undefined }
  const times = { list: [] as number[], status: [] as number[], boot: [] as number[] }
  const timed = async (what: keyof Times, work: () => Promise<unknown>) => {
    const startedAt = performance.now()
    await work()
    times[what].push(performance.now() - startedAt)
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    const projectId = mine[round % mine.length]
    if (!projectId) throw new Error('no project')
    const search = undefined
    await timed('list', () => projects.list({ userId, search, isDeleted: false, page }))
    await timed('status', () => core.sessions.latest(userId, projectId))
    // Nobody bids, so the session waits in the queue and is taken back at once.
    await timed('boot', () => core.sessions.boot({ userId, projectId, traceparent: TRACE }))
    await core.sessions.shutdown({ userId, projectId, isDiscard: true })
  }
  await core.close()
  return {
    list: percentile(times.list, 0.5),
    status: percentile(times.status, 0.5),
    boot: percentile(times.boot, 0.5),
  }
}
