import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { until } from '../e2e/support/until.ts'
import { Cluster } from './support/cluster.ts'
import { editsFile } from './support/edits-file.ts'
import { History } from './support/history.ts'
import { leftovers } from './support/leftovers.ts'
import { randomOf } from './support/random.ts'
import { Store } from './support/store.ts'
import { CONVERGE_MS, User } from './support/user.ts'

const START_MS = 120_000
const RUN_MS = 300_000

let cluster: Cluster
let store: Store

beforeAll(async () => {
  cluster = await Cluster.start({ hosts: 2 })
  store = new Store(cluster)
}, START_MS)

afterAll(() => cluster?.stop(), START_MS)

async function openedBy(user: User): Promise<string> {
  const view = await user.open()
  if (!view) throw new Error('it did not open')
  return view.id
}

describe('a host that was cut off for longer than its lease', () => {
  it(
    'comes back with its files as a recovery version, and the newer work stays the head',
    async () => {
      const history = new History()
      const user = await User.create({ cluster, history, random: randomOf(1) })
      const first = await openedBy(user)
      const host = cluster.hosts.find((candidate) => editsFile([candidate], first))
      host?.network.cut()
      // The network to Vessel is gone; whoever sits in the editor still writes for a while.
      const stranded = await user.write(first)

      const lost = await user.until((view) => view?.state === 'lost')
      expect(lost).toMatchObject({ id: first, endReason: 'host_lost' })
      const second = await openedBy(user)
      const newer = await user.write(second)
      await user.leave(second)

      host?.network.heal()
      await until(
        'its files are a recovery version',
        async () => {
          const kept = await store.archivesOf(user.project.id)
          return kept.some(({ status, lines }) => {
            return status === 'recovery' && lines.includes(stranded ?? -1)
          })
        },
        CONVERGE_MS,
      )
      const heads = (await store.archivesOf(user.project.id)).filter(
        ({ status }) => status === 'head',
      )
      expect(heads).toMatchObject([{ isWhole: true, lines: [newer] }])
      await until(
        'nothing is left',
        async () => (await leftovers(cluster)).length === 0,
        CONVERGE_MS,
      )
    },
    RUN_MS,
  )
})
