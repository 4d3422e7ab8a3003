import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { percentile } from '../../bench/percentile.ts'
import { Cluster } from './cluster.ts'
import { runSeed, type SeedResult, violated } from './run-seed.ts'

/** `make test-faults` runs 200; a storm that failed is repeated by its number. */
const SEEDS = Number(process.env.VESSEL_FAULT_SEEDS ?? '20')
const FIRST_SEED = Number(process.env.VESSEL_FAULT_FIRST_SEED ?? '1')
const USERS = Number(process.env.VESSEL_FAULT_USERS ?? '20')
const STORM_MS = 6_000
const START_MS = 120_000
const RUN_MS = 400_000
/** Of design §9. */
const CONVERGE_P95_MS = 120_000

/** Every `of`-th storm, so that as many files share them as there are cores. */
export interface Share {
  readonly index: number
  readonly of: number
}

function seedsOf({ index, of }: Share): number[] {
  const all = Array.from({ length: SEEDS }, (_, at) => FIRST_SEED + at)
  return all.filter((_, at) => at % of === index)
}

function summaryOf(results: readonly SeedResult[]): string {
  const converged = results.map(({ convergedMs }) => convergedMs)
  const sum = (pick: (result: SeedResult) => number) =>
    results.reduce((total, result) => total + pick(result), 0)
  const counts = Object.keys(results[0]?.violations ?? {}).map((name) => {
    const count = sum(({ violations }) => violations[name]?.length ?? 0)
    return `  ${count} violations: ${name}`
  })
  return [
    `faults: ${results.length} seeds, ${sum((r) => r.faults)} faults, ${sum((r) => r.visits)} visits`,
    `  ${sum((r) => r.shown)} lines and events shown to browsers`,
    `  p95 to converge ${(percentile(converged, 0.95) / 1_000).toFixed(1)} s`,
    ...counts,
  ].join('\n')
}

/** What happened, for whoever has to find out why. */
async function keep(result: SeedResult, log: string): Promise<string> {
  const folder = join(tmpdir(), 'vessel-faults-kept')
  await mkdir(folder, { recursive: true })
  const file = join(folder, `seed-${result.seed}.log`)
  await writeFile(file, `${result.history.print()}\n\n${log}\n`)
  return file
}

/** Storms of a file, over a cluster of its own. */
export function describeStorms(share: Share): void {
  const seeds = seedsOf(share)
  if (seeds.length === 0) {
    it('has no storm left when there are so few', () => {
      expect(SEEDS).toBeLessThanOrEqual(share.index)
    })
    return
  }
  let cluster: Cluster
  const results: SeedResult[] = []

  beforeAll(async () => {
    cluster = await Cluster.start()
  }, START_MS)

  afterAll(async () => {
    await cluster?.stop()
    if (results.length > 0) process.stderr.write(`${summaryOf(results)}\n`)
  }, START_MS)

  describe('a storm of faults over people at work', () => {
    it.each(seeds)(
      'leaves every promise kept (seed %i)',
      async (seed) => {
        const result = await runSeed(cluster, seed, { users: USERS, stormMs: STORM_MS })
        results.push(result)
        const broken = violated(result)
        if (broken.length > 0) broken.push(`history and logs: ${await keep(result, cluster.log())}`)
        expect(broken).toEqual([])
        expect(result.shown).toBeGreaterThan(0)
      },
      RUN_MS,
    )

    it('converges within two minutes at the 95th percentile', () => {
      const converged = results.map(({ convergedMs }) => convergedMs)
      expect(percentile(converged, 0.95)).toBeLessThan(CONVERGE_P95_MS)
    })
  })
}
