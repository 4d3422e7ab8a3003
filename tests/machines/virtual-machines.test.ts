import { afterAll, beforeAll, describe, it } from '@jest/globals'
import { launchChromium } from '../e2e/support/chromium.ts'
import { execInWorkspace } from '../e2e/support/exec.ts'
import { type Product, startProduct } from '../e2e/support/product.ts'
import { until } from '../e2e/support/until.ts'
import { wholePath } from '../e2e/support/whole-path.ts'
import { Person } from '../support/person.ts'
import {
  leave,
  leftOnHost,
  MACHINE,
  openProject,
  RUN_MS,
  START_MS,
  STATE_MS,
} from '../system/support/machines.ts'

/** How often one project is opened and left. */
const SESSIONS = Number(process.env.VESSEL_VM_SESSIONS ?? '20')
/** VS Code in an emulated machine answers, but not soon. */
const PATIENCE_MS = 240_000

let product: Product

beforeAll(async () => {
  product = await startProduct({ driver: 'qemu' })
}, START_MS)

afterAll(() => product?.stop(), START_MS)

describe('virtual machines', () => {
  it(
    'are worked in through the browser as on any other host',
    async () => {
      const browser = await launchChromium()
      try {
        await wholePath(product, browser, PATIENCE_MS)
      } finally {
        await browser.close()
      }
    },
    RUN_MS,
  )

  it(
    'are found again, three of them, by an agent that was killed, and still save',
    async () => {
      const person = await Person.signUp(product)
      const running: { id: string; session: string; machine: string }[] = []
      for (const template of ['blank', 'node', 'static']) {
        const { id } = await person.createProject(template)
        const session = await openProject(person, id)
        running.push({ id, session, machine: await execInWorkspace(product, session, MACHINE) })
      }
      await product.kill('agent')
      await product.restart('agent')
      for (const { id, session, machine } of running) {
        await until(
          'the agent answers for it',
          async () => (await execInWorkspace(product, session, MACHINE)) === machine,
          STATE_MS,
        )
        await leave(person, id)
      }
    },
    RUN_MS,
  )

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
