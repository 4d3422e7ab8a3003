import { mkdir } from 'node:fs/promises'
import { pino } from 'pino'
import { startAgent } from './agent.ts'
import { askAgent, parseArguments, USAGE } from './cli/client.ts'
import { examine } from './cli/doctor.ts'
import { type Config, readConfig } from './config.ts'
import { startTicksOf } from './drivers/process/proc-table.ts'
import { selectDriver } from './drivers/select-driver.ts'
import { readHostBootId } from './host/identity.ts'
import { takeLock } from './host/lock.ts'
import { createPaths } from './paths.ts'

/** Long enough to answer what is in flight; machines run on in any case. */
const STOP_WITHIN_MS = 10_000

/** This host's driver, for one process at a time. */
async function openHost(config: Config) {
  const logger = pino({
    level: config.LOG_LEVEL,
    base: { service: 'infra-agent', host: config.HOST_ID },
  })
  const paths = createPaths(config.STATE_DIR)
  await mkdir(paths.stateDir, { recursive: true, mode: 0o700 })
  const lock = await takeLock(paths.lock, startTicksOf)
  const hostBootId = await readHostBootId()
  const { driver, volumes } = await selectDriver({
    ...{ config, paths, hostBootId, log: logger },
    path: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
    execPath: process.execPath,
  })
  return { logger, paths, lock, hostBootId, driver, volumes }
}

/** For a host whose agent was stopped for good: takes back what ended machines left of it. */
async function sweep(): Promise<void> {
  const { driver, lock } = await openHost(readConfig(process.env))
  try {
    await driver.sweep?.()
  } finally {
    await lock.release()
  }
}

async function serve(): Promise<void> {
  const config = readConfig(process.env)
  const { logger, paths, lock, hostBootId, driver, volumes } = await openHost(config)
  const agent = await startAgent({ config, paths, driver, volumes, hostBootId, log: logger })

  const stop = (signal: NodeJS.Signals): void => {
    logger.info({ signal }, 'stopping, machines run on')
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref()
    agent
      .stop()
      .then(() => lock.release())
      .then(() => process.exit(0))
      .catch((err) => {
        logger.error({ err }, 'stop failed')
        process.exit(1)
      })
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

/** The operator's commands, answered in JSON; without one, the daemon itself. */
async function main(args: readonly string[]): Promise<void> {
  if (args.length === 0) return serve()
  if (args.length === 1 && args[0] === 'sweep') return sweep()
  const config = readConfig(process.env)
  if (args.length === 1 && args[0] === 'doctor') {
    const findings = await examine(config, process.env.PATH ?? '')
    const isOk = findings.every((finding) => finding.isOk)
    const status = isOk ? 'success' : 'error'
    process.stdout.write(`${JSON.stringify({ status, findings }, null, 2)}\n`)
    process.exitCode = isOk ? 0 : 1
    return
  }
  const order = parseArguments(args, process.cwd())
  if (!order) throw new Error(USAGE)
  const { isOk, text } = await askAgent(createPaths(config.STATE_DIR).socket, order)
  process.stdout.write(text)
  process.exitCode = isOk ? 0 : 1
}

main(process.argv.slice(2)).catch((thrown) => {
  process.stderr.write(`${thrown instanceof Error ? (thrown.stack ?? thrown.message) : thrown}\n`)
  process.exit(1)
})
