import { mkdir, writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { archives } from './archives/archives.ts'
import { packMemory } from './archives/memory.ts'
import { bootsInFlight } from './boots-in-flight.ts'
import { machines } from './machines/machines.ts'
import { formatOutcome, isMet, type Outcome } from './outcome.ts'
import { avalanche } from './realtime/scenarios/avalanche.ts'
import { hostileClients } from './realtime/scenarios/hostile-clients.ts'
import { jitter } from './realtime/scenarios/jitter.ts'
import { latency } from './realtime/scenarios/latency.ts'
import { memory } from './realtime/scenarios/memory.ts'
import { revocation } from './realtime/scenarios/revocation.ts'
import { slowClients } from './realtime/scenarios/slow-clients.ts'
import { throughput } from './realtime/scenarios/throughput.ts'
import { sizesOf } from './realtime/sizes.ts'
import { startBus } from './realtime/support/feed.ts'
import { scale } from './scale.ts'

const sizes = sizesOf(process.env.REALTIME_FULL === '1' ? 'full' : 'quick')

const REALTIME = {
  jitter,
  throughput,
  latency,
  memory,
  'slow-clients': slowClients,
  'hostile-clients': hostileClients,
  avalanche,
  revocation,
} as const

/** Each with a bus of its own: a gigabyte of one scenario's log is no other's concern. */
async function runRealtime(name: keyof typeof REALTIME): Promise<Outcome> {
  const bus = await startBus()
  try {
    return await REALTIME[name](bus, sizes)
  } finally {
    await bus.stop()
  }
}

/** Every benchmark by its name; `make bench` runs all, `make bench ONLY=name` one or a group. */
const BENCHES: Readonly<Record<string, () => Promise<Outcome>>> = {
  archives,
  'pack-memory': packMemory,
  machines,
  'boots-in-flight': bootsInFlight,
  scale,
  ...Object.fromEntries(
    (Object.keys(REALTIME) as (keyof typeof REALTIME)[]).map((name) => [
      `realtime/${name}`,
      () => runRealtime(name),
    ]),
  ),
}

const isChosen = (only: string, name: string) => name === only || name.startsWith(`${only}/`)

async function main(only: readonly string[]): Promise<void> {
  const names = Object.keys(BENCHES)
  const unknown = only.filter((one) => !names.some((name) => isChosen(one, name)))
  if (unknown.length > 0) throw new Error(`no benchmark ${unknown}: ${names}`)
  const chosen = Object.entries(BENCHES).filter(
    ([name]) => only.length === 0 || only.some((one) => isChosen(one, name)),
  )
  const outcomes: Outcome[] = []
  for (const [, run] of chosen) {
    const outcome = await run()
    outcomes.push(outcome)
    process.stdout.write(`${formatOutcome(outcome)}\n\n`)
    await writeJson(outcomes)
  }
  process.exitCode = outcomes.every(isMet) ? 0 : 1
}

/** After every scenario: what was measured before one that fails is not lost. */
async function writeJson(outcomes: readonly Outcome[]): Promise<void> {
  const file = process.env.BENCH_JSON ?? '.vessel/bench.json'
  const machine = { cpus: cpus().length, memoryBytes: totalmem(), node: process.version }
  const at = new Date().toISOString()
  await mkdir('.vessel', { recursive: true })
  await writeFile(file, `${JSON.stringify({ at, machine, sizes, outcomes }, null, 2)}\n`)
}

await main(process.argv.slice(2))
