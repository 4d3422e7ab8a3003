import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PLANS, type Stage } from './stages.ts'
import { addTallies, type Tally, tallyOfJest } from './tally.ts'

/** Hundreds of processes start from the same sources; the second of a kind finds them compiled. */
const COMPILED = join(import.meta.dirname, '../../node_modules/.cache/vessel-compiled')

/** Runs the stages of a plan, all even after a failure, and ends with one line of counts. */
async function run(stage: Stage, folder: string): Promise<Tally> {
  const report = join(folder, `${stage.name}.json`)
  const extra = stage.isJest ? ['--json', `--outputFile=${report}`] : []
  const startedAt = performance.now()
  const code = await new Promise<number>((resolve, reject) => {
    const child = spawn(stage.command, [...stage.args, ...extra], {
      // Jest writes its report to standard output too; people read standard error.
      stdio: ['ignore', stage.isJest ? 'ignore' : 'inherit', 'inherit'],
      env: { ...process.env, NODE_COMPILE_CACHE: COMPILED },
    })
    child.once('error', reject)
    child.once('close', (exitCode) => resolve(exitCode ?? 1))
  })
  const tally = stage.isJest
    ? tallyOfJest(await readFile(report, 'utf8').catch(() => ''), code)
    : { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  const verdict = tally.failed === 0 ? 'ok' : `${tally.failed} failed`
  process.stdout.write(`${stage.name}: ${verdict} (${seconds} s)\n`)
  return tally
}

const plan = PLANS[process.argv[2] ?? '']
if (!plan) throw new Error(`say one of: ${Object.keys(PLANS).join(', ')}`)

const folder = await mkdtemp(join(tmpdir(), 'vessel-tests-'))
try {
  let total: Tally = { passed: 0, failed: 0 }
  for (const stage of plan) total = addTallies(total, await run(stage, folder))
  process.stdout.write(`\n${total.passed} passed, ${total.failed} failed\n`)
  process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1
} finally {
  await rm(folder, { recursive: true, force: true })
}
