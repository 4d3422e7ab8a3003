import { type Product, startProduct } from '../../e2e/support/product.ts'
import { until } from '../../e2e/support/until.ts'
import { Person } from '../../support/person.ts'
import { leave, untilState } from '../../system/support/machines.ts'
import { median } from '../archives/tools.ts'
import type { Outcome } from '../outcome.ts'
import { bootByHand } from './by-hand.ts'

const ROUNDS = 3
const READY_MS = 600_000
/** More often than four times a second would run into the limit of a person's requests. */
const ASK_EVERY_MS = 250
/** Of the issue. */
const LIMITS = { click: 1.1, warm: 0.15 }

const WITHOUT_DASHBOARD = ['nats', 'redis', 'supabase', 'gateway', 'orchestrator', 'agent'] as const

function startMachines(warm: number): Promise<Product> {
  return startProduct({
    driver: 'qemu',
    only: [...WITHOUT_DASHBOARD],
    env: { agent: { WARM_POOL_SIZE: String(warm) } },
  })
}

/** From the request to the state that promises that VS Code answers; then it is left again. */
async function click(person: Person): Promise<number> {
  const { id: projectId } = await person.createProject('blank')
  const startedAt = performance.now()
  await person.boot(projectId)
  await untilState(person, { projectId, state: 'ready', askEveryMs: ASK_EVERY_MS })
  const took = performance.now() - startedAt
  await leave(person, projectId)
  return took
}

async function warmMachines({ urls }: Product): Promise<number> {
  const text = await (await fetch(new URL('/metrics', urls.agent))).text()
  return Number(/^vessel_agent_warm_machines(?:\{.*\})? (\d+)/m.exec(text)?.[1] ?? Number.NaN)
}

/** One after the other, because two emulated machines at once are two slow ones. */
async function coldAndByHand() {
  const [cold, byHand]: [number[], number[]] = [[], []]
  const product = await startMachines(0)
  try {
    const person = await Person.signUp(product)
    for (let round = 0; round < ROUNDS; round += 1) {
      cold.push(await click(person))
      byHand.push(await bootByHand())
    }
  } finally {
    await product.stop()
  }
  return { cold, byHand }
}

async function warmClaims() {
  const warm: number[] = []
  const product = await startMachines(1)
  try {
    const person = await Person.signUp(product)
    for (let round = 0; round < ROUNDS; round += 1) {
      await until('a machine is warm', async () => (await warmMachines(product)) === 1, READY_MS)
      warm.push(await click(person))
    }
  } finally {
    await product.stop()
  }
  return warm
}

/** What Vessel adds to the start of a machine, and what a warm one saves. */
export async function machines(): Promise<Outcome> {
  const { cold, byHand } = await coldAndByHand()
  const warm = await warmClaims()
  const figures = (values: readonly number[]) => [median(values), ...values]
  return {
    name: 'virtual machines, emulated',
    columns: ['median, ms', ...Array.from({ length: ROUNDS }, (_, at) => `round ${at + 1}`)],
    rows: [
      { what: 'the same image by hand until VS Code answers', values: figures(byHand) },
      { what: 'click until VS Code answers', values: figures(cold) },
      { what: 'click until VS Code answers, from the warm pool', values: figures(warm) },
    ],
    bars: [
      {
        ...{ what: 'click, of the same image by hand', is: 'at most', unit: '×' },
        ...{ limit: LIMITS.click, reached: median(cold) / median(byHand) },
      },
      {
        ...{ what: 'warm claim, of a cold boot', is: 'at most', unit: '×' },
        ...{ limit: LIMITS.warm, reached: median(warm) / median(cold) },
      },
    ],
  }
}
