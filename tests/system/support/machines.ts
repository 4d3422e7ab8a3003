import { join } from 'node:path'
import { qemuProcesses } from '@vessel/infra-agent/testing/qemu-processes'
import { projectView } from '@vessel/proto/http/project-view'
import type { SessionState } from '@vessel/proto/session-state'
import type { Product } from '../../e2e/support/product.ts'
import { until } from '../../e2e/support/until.ts'
import { leftOn } from '../../faults/support/leftovers.ts'
import type { Person } from '../../support/person.ts'

/** The golden image is made once per machine, and emulated machines take their time. */
export const START_MS = 15 * 60_000
export const RUN_MS = 15 * 60_000
export const STATE_MS = 300_000
/** Which machine it is, and since which start. */
export const MACHINE = ['sh', '-c', 'cut -d " " -f 22 /proc/1/stat; cat /etc/machine-id']

/** An emulated machine takes its time, and a person may ask ten times a second at most. */
const ASK_EVERY_MS = 1_000

export interface AwaitedState {
  readonly projectId: string
  readonly state: SessionState
  /** Shorter only for one wait at a time. */
  readonly askEveryMs?: number
}

export async function untilState(
  person: Person,
  { projectId, state, askEveryMs = ASK_EVERY_MS }: AwaitedState,
): Promise<void> {
  let askAtMs = 0
  await until(
    `the session is ${state}`,
    async () => {
      if (performance.now() < askAtMs) return false
      askAtMs = performance.now() + askEveryMs
      const { status, body } = await person.call('GET', `/api/projects/${projectId}`)
      if (status !== 200) throw new Error(JSON.stringify(body))
      const { session } = projectView.parse(body)
      if (session?.failure) throw new Error(JSON.stringify(session.failure))
      return session?.state === state
    },
    STATE_MS,
  )
}

export async function openProject(person: Person, projectId: string): Promise<string> {
  const { session } = await person.boot(projectId)
  await untilState(person, { projectId, state: 'ready' })
  return session.id
}

/** The folders `startStack` gives its one host. */
export const leftOnHost = (product: Product) =>
  leftOn({
    ...{ id: 'h1', stateDir: join(product.stateDir, 'agent') },
    routesDir: join(product.stateDir, 'routes'),
  })

export async function leave(person: Person, projectId: string): Promise<void> {
  const { status, body } = await person.call('POST', '/api/shutdown', { projectId })
  if (status !== 202) throw new Error(`shutdown: ${status} ${JSON.stringify(body)}`)
  await untilState(person, { projectId, state: 'stopped' })
}

export async function machinesOf(product: Product, session: string) {
  const machines = await qemuProcesses(product.stateDir)
  return machines.filter((machine) => machine.session === session)
}
