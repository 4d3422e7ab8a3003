import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { projectView } from '@vessel/proto/http/project-view'
import type { SessionState } from '@vessel/proto/session-state'
import { execInWorkspace } from '../e2e/support/exec.ts'
import { historyOf } from '../e2e/support/history.ts'
import { type Product, startProduct } from '../e2e/support/product.ts'
import { until } from '../e2e/support/until.ts'
import { Person } from '../support/person.ts'

/** The golden image is made once per machine, and emulated machines take their time. */
const START_MS = 15 * 60_000
const RUN_MS = 10 * 60_000
const STATE_MS = 180_000

let product: Product

beforeAll(async () => {
  product = await startProduct({
    driver: 'qemu',
    only: ['nats', 'redis', 'supabase', 'gateway', 'orchestrator', 'agent'],
  })
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

      await person.call('POST', '/api/shutdown', { projectId: id })
      await untilState(person, id, 'stopped')
      const second = await openProject(person, id)
      expect(await run(second, './l; test -L l && stat -c %a tool.sh')).toBe('it-runs\n755\n')
      await person.call('POST', '/api/shutdown', { projectId: id, discard: true })
      await untilState(person, id, 'stopped')
    },
    RUN_MS,
  )

  it(
    'is found again by an agent that was killed, and still saves',
    async () => {
      const person = await Person.signUp(product)
      const { id } = await person.createProject('blank')
      const session = await openProject(person, id)
      const bootTime = ['sh', '-c', 'cut -d " " -f 22 /proc/1/stat; cat /etc/machine-id']
      const before = await execInWorkspace(product, session, bootTime)
      await product.kill('agent')
      await product.restart('agent')
      await until(
        'the agent answers for it',
        async () => {
          return (await execInWorkspace(product, session, bootTime)) === before
        },
        STATE_MS,
      )
      await person.call('POST', '/api/shutdown', { projectId: id })
      await untilState(person, id, 'stopped')
    },
    RUN_MS,
  )
})
