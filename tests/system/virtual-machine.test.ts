import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { launchChromium } from '../e2e/support/chromium.ts'
import { execInWorkspace } from '../e2e/support/exec.ts'
import { historyOf } from '../e2e/support/history.ts'
import { type Product, startProduct } from '../e2e/support/product.ts'
import { until } from '../e2e/support/until.ts'
import { wholePath } from '../e2e/support/whole-path.ts'
import { closingAfter } from '../support/closing.ts'
import { Person } from '../support/person.ts'
import {
  leave,
  leftOnHost,
  MACHINE,
  machinesOf,
  openProject,
  RUN_MS,
  START_MS,
  STATE_MS,
  untilState,
} from './support/machines.ts'

/** VS Code in an emulated machine answers, but not soon. */
const PATIENCE_MS = 240_000

let product: Product

beforeAll(async () => {
  product = await startProduct({ driver: 'qemu' })
}, START_MS)

afterAll(() => product?.stop(), START_MS)

describe('a project in a virtual machine', () => {
  it(
    'boots a kernel of its own, has VS Code up, and keeps its files, links and modes',
    async () => {
      const person = await Person.signUp(product)
      const { id } = await person.createProject('node')
      const first = await openProject(person, id)
      const run = (session: string, command: string) =>
        execInWorkspace(product, session, ['sh', '-c', command])

      expect(await run(first, 'ls')).toContain('README.md')
      expect(await run(first, 'hostname; id -un')).toBe('vessel\nworkspace\n')
      const write =
        "printf '#!/bin/sh\\necho it-runs\\n' > tool.sh; chmod 755 tool.sh; ln -s tool.sh l"
      await run(first, write)
      const told = await historyOf(product, first)
      const lines = told.flatMap((item) => (item.kind === 'line' ? [item] : []))
      expect(lines.some(({ source }) => source === 'console')).toBe(true)

      await leave(person, id)
      const second = await openProject(person, id)
      expect(await run(second, './l; test -L l && stat -c %a tool.sh')).toBe('it-runs\n755\n')
      await person.call('POST', '/api/shutdown', { projectId: id, discard: true })
      await untilState(person, { projectId: id, state: 'stopped' })
    },
    RUN_MS,
  )

  it(
    'gets a new machine over its disk when its machine is killed, and misses nothing',
    async () => {
      const person = await Person.signUp(product)
      const { id } = await person.createProject('blank')
      const session = await openProject(person, id)
      await execInWorkspace(product, session, ['sh', '-c', 'echo kept > kept.txt; sync'])
      const before = await execInWorkspace(product, session, MACHINE)
      const [machine] = await machinesOf(product, session)
      process.kill(machine?.pid ?? 0, 'SIGKILL')
      await until(
        'another machine has the files',
        async () => {
          const now = await execInWorkspace(product, session, MACHINE).catch(() => before)
          return now !== before
        },
        STATE_MS,
      )
      expect(await execInWorkspace(product, session, ['cat', 'kept.txt'])).toBe('kept\n')
      await leave(person, id)
      await until('nothing is left', async () => (await leftOnHost(product)).length === 0, STATE_MS)
    },
    RUN_MS,
  )

  it(
    'is worked in through the browser as on any other host',
    async () => {
      const browser = await launchChromium()
      await closingAfter(
        () => wholePath(product, browser, PATIENCE_MS),
        () => browser.close(),
      )
    },
    RUN_MS,
  )

  it(
    'is found again, three of them, by an agent that was killed, and still saves',
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
      await Promise.all(
        running.map(async ({ id, session, machine }) => {
          const answers = async () => (await execInWorkspace(product, session, MACHINE)) === machine
          await until('the agent answers for it', answers, STATE_MS)
          await leave(person, id)
        }),
      )
    },
    RUN_MS,
  )
})
