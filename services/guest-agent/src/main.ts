import { rename, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { createGuestAgent } from './agent.ts'
import { readConfig } from './config.ts'

/** Ending the IDE takes up to 7 s; a host that waits longer kills us anyway. */
const STOP_MS = 15_000

const logger = pino({ base: { service: 'guest-agent' } })

function nameOfUser(): string {
  try {
    return userInfo().username
  } catch {
    // A uid without an entry in /etc/passwd, as in containers.
    return 'workspace'
  }
}

/** So that a host agent that was restarted finds us again. */
async function writePort(stateDir: string, address: object): Promise<void> {
  const file = join(stateDir, 'guest.json')
  await writeFile(`${file}.new`, JSON.stringify(address), { mode: 0o600 })
  await rename(`${file}.new`, file)
}

async function run(): Promise<void> {
  const [path] = process.argv.slice(2)
  if (path === undefined) throw new Error('usage: guest-agent <config.json>')
  const config = await readConfig(path)
  const host = {
    pid: process.pid,
    uid: process.getuid?.() ?? 0,
    user: nameOfUser(),
    path: process.env.PATH,
    temporaryDir: tmpdir(),
  }
  const agent = await createGuestAgent({ config, now: () => new Date(), host, logger })

  let isStopping = false
  const stop = (signal: string): void => {
    if (isStopping) return
    isStopping = true
    logger.info({ signal }, 'stopping')
    setTimeout(() => process.exit(1), STOP_MS).unref()
    agent.stop().then(
      () => process.exit(0),
      (err) => {
        logger.error({ err }, 'stop failed')
        process.exit(1)
      },
    )
  }
  process.once('SIGTERM', () => stop('SIGTERM'))
  process.once('SIGINT', () => stop('SIGINT'))

  const address = await agent.start()
  await writePort(config.stateDir, { ...address, pid: process.pid })
  logger.info({ ...address, pid: process.pid }, 'listening')
}

run().catch((err) => {
  logger.fatal({ err }, 'start failed')
  process.exit(1)
})
