import { archives } from './archives/archives.ts'
import { bootsInFlight } from './boots-in-flight.ts'
import { formatOutcome, isMet, type Outcome } from './outcome.ts'
import { scale } from './scale.ts'

/** Every benchmark by its name; `make bench` runs all, `make bench ONLY=name` one. */
const BENCHES: Readonly<Record<string, () => Promise<Outcome>>> = {
  archives,
  'boots-in-flight': bootsInFlight,
  scale,
}

async function main(only: readonly string[]): Promise<void> {
  const unknown = only.filter((name) => !(name in BENCHES))
  if (unknown.length > 0) throw new Error(`no benchmark ${unknown}: ${Object.keys(BENCHES)}`)
  const chosen = Object.entries(BENCHES).filter(
    ([name]) => only.length === 0 || only.includes(name),
  )
  let isAllMet = true
  for (const [, run] of chosen) {
    const outcome = await run()
    isAllMet &&= isMet(outcome)
    process.stdout.write(`${formatOutcome(outcome)}\n`)
  }
  process.exitCode = isAllMet ? 0 : 1
}

await main(process.argv.slice(2))
