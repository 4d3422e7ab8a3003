import { pino } from 'pino'
import { readConfig } from './config.ts'
import { startOrchestrator } from './orchestrator.ts'

/** Longer than a drain of sockets and the longest turn of a session. */
const STOP_WITHIN_MS = 25_000

async function main(): Promise<void> {
  const config = readConfig(process.env)
  const log = pino({ level: config.LOG_LEVEL, base: { service: 'orchestrator' } })
  const orchestrator = await startOrchestrator(config, log)
  log.info({ port: orchestrator.port }, 'orchestrator is up')

  const stop = (signal: NodeJS.Signals): void => {
    log.info({ signal }, 'stopping')
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref()
    orchestrator
      .stop()
      .then(() => process.exit(0))
      .catch((err) => {
        log.error({ err }, 'stop failed')
        process.exit(1)
      })
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

main().catch((thrown) => {
  process.stderr.write(`${thrown instanceof Error ? (thrown.stack ?? thrown.message) : thrown}\n`)
  process.exit(1)
})
