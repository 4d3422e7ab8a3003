import { describe, expect, it } from '@jest/globals'
import { VesselError } from '@vessel/proto/errors'
import { bootId, opId, projectId, projectSlug, sessionId } from '@vessel/proto/ids'
import { newRecord } from '../vm/new-record.ts'
import { runPlan } from '../vm/plan.ts'
import type { Feed, MachineHandle } from '../vm/ports.ts'
import { createContext, type SessionDeps } from '../vm/session-context.ts'
import { bootMachine } from './boot-machine.ts'
import { destroyMachine } from './destroy-machine.ts'

const id = '11111111-1111-4111-8111-111111111111'
const record = newRecord(
  {
    ...{ opId: opId.parse(id), session: sessionId.parse(id), project: projectId.parse(id) },
    ...{ slug: projectSlug.parse('demo'), epoch: 1, archive: null, git: null, ignore: [] },
    ...{ environment: {}, spec: { cpuCount: 1, memoryMib: 256, diskMib: 256 } },
    ...{ ticketKeys: [], leaseMs: 1, bootDeadlineMs: 1 },
  },
  { bootId: bootId.parse(id), token: 't'.repeat(40), nowMs: 0, local: null },
)

describe('taking a machine down', () => {
  it('waits for one that is still being made, although its start was called off', async () => {
    const order: string[] = []
    const { promise: made, resolve: finish } = Promise.withResolvers<MachineHandle>()
    const deps = {
      driver: {
        create: () => made.finally(() => order.push('made')),
        isAlive: async () => false,
        destroy: async () => void order.push('destroyed'),
      },
      volumes: { remove: async () => void order.push('disk removed') },
      journal: { write: async () => undefined },
      clock: { now: () => 0, monotonic: () => performance.now(), sleep: async () => undefined },
      onChange: () => undefined,
    } as unknown as SessionDeps
    const context = createContext(deps, {} as Feed, record)
    const plan = { clock: deps.clock, onStep: () => undefined, onLeft: context.leave }

    const calledOff = new AbortController()
    const boot = runPlan([bootMachine(context)], calledOff.signal, plan)
    calledOff.abort(new VesselError('CANCELLED'))
    await expect(boot).rejects.toMatchObject({ step: 'boot' })
    const down = runPlan([destroyMachine(context)], new AbortController().signal, plan)
    finish({ pid: 1 })
    await down
    expect(order).toEqual(['made', 'destroyed', 'disk removed'])
    expect(context.record.machine).toBeNull()
  })
})
