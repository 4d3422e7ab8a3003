import { afterAll, beforeAll, describe, it } from '@jest/globals'
import { type Product, startProduct } from '../e2e/support/product.ts'
import { until } from '../e2e/support/until.ts'
import { Person } from '../support/person.ts'
import {
  leave,
  leftOnHost,
  openProject,
  RUN_MS,
  START_MS,
  STATE_MS,
} from '../system/support/machines.ts'

/** How often one project is opened and left. */
const SESSIONS = Number(process.env.VESSEL_VM_SESSIONS ?? '20')

let product: Product

beforeAll(async () => {
  product = await startProduct({
    driver: 'qemu',
    only: ['nats', 'redis', 'supabase', 'gateway', 'orchestrator', 'agent'],
  })
}, START_MS)

afterAll(() => product?.stop(), START_MS)

describe('virtual machines', () => {
  it(
    'leave no process, disk, route or live record behind, however often one is opened',
    async () => {
      const person = await Person.signUp(product)
      const { id } = await person.createProject('blank')
      for (let count = 0; count < SESSIONS; count += 1) {
        await openProject(person, id)
        await leave(person, id)
      }
      await until('nothing is left', async () => (await leftOnHost(product)).length === 0, STATE_MS)
    },
    RUN_MS * SESSIONS,
  )
})
