import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { until } from '../e2e/support/until.ts'
import { Cluster } from './support/cluster.ts'
import { History } from './support/history.ts'
import { leftovers } from './support/leftovers.ts'
import { randomOf } from './support/random.ts'
import { CONVERGE_MS, User } from './support/user.ts'

/** The bar is 200, which `make test-faults` runs. */
const SESSIONS = Number(process.env.VESSEL_LEAK_SESSIONS ?? '24')
const PEOPLE = 6
const START_MS = 120_000
const RUN_MS = 3_600_000

let cluster: Cluster

beforeAll(async () => {
  cluster = await Cluster.start({ hosts: 1, orchestrators: 1 })
}, START_MS)

afterAll(() => cluster?.stop(), START_MS)

describe('a host', () => {
  it(
    'has no process, disk, route or live record left of all the sessions it ran',
    async () => {
      const history = new History()
      const people = await Promise.all(
        Array.from({ length: PEOPLE }, (_, seed) =>
          User.create({ cluster, history, random: randomOf(seed) }),
        ),
      )
      let left = SESSIONS
      const work = async (user: User) => {
        while (left > 0) {
          left -= 1
          const view = await user.open()
          if (!view) throw new Error('it did not open')
          await user.write(view.id)
          await user.leave(view.id)
        }
      }
      await Promise.all(people.map(work))
      const ends = history.told.flatMap((deed) => (deed.what === 'ended' ? [deed.state] : []))
      expect(ends).toEqual(Array(SESSIONS).fill('stopped'))
      await until(
        'nothing is left',
        async () => (await leftovers(cluster)).length === 0,
        CONVERGE_MS,
      )
    },
    RUN_MS,
  )
})
