import { pino } from 'pino'
import { readConfig } from './config.ts'
import { startOrchestrator } from './orchestrator.ts'

/** Beside the notice and the drain of sockets: the longest turn of a session. */
const TURN_MS = 20_000

async function main(): Promise<void> {
  const config = readConfig(process.env)
  const log = pino({ level: config.LOG_LEVEL, base: { service: 'orchestrator' } })
  const orchestrator = await startOrchestrator(config, log)
  const { port, metricsPort } = orchestrator
  log.info({ port, metricsPort }, 'orchestrator is up')

  const stop = (signal: NodeJS.Signals): void => {
    log.info({ signal }, 'stopping')
    const withinMs = config.LEAVE_NOTICE_MS + config.SOCKET_DRAIN_MS + TURN_MS
    setTimeout(() => process.exit(1), withinMs).unref()
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
