import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { qemuProcesses } from '@vessel/infra-agent/testing/qemu-processes'
import { projectView } from '@vessel/proto/http/project-view'
import type { SessionState } from '@vessel/proto/session-state'
import { launchChromium } from '../e2e/support/chromium.ts'
import { execInWorkspace } from '../e2e/support/exec.ts'
import { historyOf } from '../e2e/support/history.ts'
import { type Product, startProduct } from '../e2e/support/product.ts'
import { until } from '../e2e/support/until.ts'
import { wholePath } from '../e2e/support/whole-path.ts'
import { leftOn } from '../faults/support/leftovers.ts'
import { Person } from '../support/person.ts'

/** The golden image is made once per machine, and emulated machines take their time. */
/** The bar is 20: `VESSEL_VM_SESSIONS=20`. */
const SESSIONS = Number(process.env.VESSEL_VM_SESSIONS ?? '1')
const START_MS = 15 * 60_000
const RUN_MS = 10 * 60_000
const STATE_MS = 180_000
/** Which machine it is, and since which start. */
const MACHINE = ['sh', '-c', 'cut -d " " -f 22 /proc/1/stat; cat /etc/machine-id']

let product: Product

beforeAll(async () => {
  product = await startProduct({ driver: 'qemu' })
}, START_MS)

afterAll(() => product?.stop(), START_MS)

async function untilState(person: Person, projectId: string, state: SessionState) {
  await until(
    `the session is ${state}`,
    async () => {
      const { body } = await person.call('GET', `/api/projects/${projectId}`)
      const { session } = projectView.parse(body)
      if (session?.failure) throw new Error(JSON.stringify(session.failure))
      return session?.state === state
    },
    STATE_MS,
  )
}

async function openProject(person: Person, projectId: string): Promise<string> {
  const { session } = await person.boot(projectId)
  await untilState(person, projectId, 'ready')
  return session.id
}

/** The folders `startStack` gives its one host. */
const leftOnHost = () =>
  leftOn({
    ...{ id: 'h1', stateDir: join(product.stateDir, 'agent') },
    routesDir: join(product.stateDir, 'routes'),
  })

async function leave(person: Person, projectId: string): Promise<void> {
  await person.call('POST', '/api/shutdown', { projectId })
  await untilState(person, projectId, 'stopped')
}

async function machinesOf(session: string) {
  const machines = await qemuProcesses(product.stateDir)
  return machines.filter((machine) => machine.session === session)
}

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
      await untilState(person, id, 'stopped')
    },
    RUN_MS,
  )

  it(
    'works through the browser as on any other host',
    async () => {
      const browser = await launchChromium()
      try {
        await wholePath(product, browser)
      } finally {
        await browser.close()
      }
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
      const [machine] = await machinesOf(session)
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
    },
    RUN_MS,
  )

  it(
    'is one of three that an agent finds again after it was killed, and that still save',
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
    'leaves no machine, disk, route or live record behind, however often one is opened',
    async () => {
      const person = await Person.signUp(product)
      const { id } = await person.createProject('blank')
      for (let count = 0; count < SESSIONS; count += 1) {
        await openProject(person, id)
        await leave(person, id)
      }
      await until('nothing is left', async () => (await leftOnHost()).length === 0, STATE_MS)
    },
    RUN_MS * SESSIONS,
  )
})
