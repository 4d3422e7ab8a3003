import { bootsInFlight } from './boots-in-flight.ts'
import { formatOutcome, type Outcome } from './outcome.ts'

/** Every benchmark by its name; `make bench` runs all, `make bench ONLY=name` one. */
const BENCHES: Readonly<Record<string, () => Promise<Outcome>>> = {
  'boots-in-flight': bootsInFlight,
}

async function main(only: readonly string[]): Promise<void> {
  const unknown = only.filter((name) => !(name in BENCHES))
  if (unknown.length > 0) throw new Error(`no benchmark ${unknown}: ${Object.keys(BENCHES)}`)
  const chosen = Object.entries(BENCHES).filter(
    ([name]) => only.length === 0 || only.includes(name),
  )
  let isMet = true
  for (const [, run] of chosen) {
    const outcome = await run()
    isMet &&= outcome.isMet
    process.stdout.write(`${formatOutcome(outcome)}\n`)
  }
  process.exitCode = isMet ? 0 : 1
}

await main(process.argv.slice(2))
