import process from 'node:process'
import { parseArgs } from 'node:util'
import { down } from './cli/down.ts'
import { natsUser } from './cli/nats-user.ts'
import { up, upDetached } from './cli/up.ts'

const USAGE = `usage:
  up [--driver process] [--detach] [--json]   start everything on this machine
  down                                        stop it, sessions saved first
  nats-user <host> --out <seed file>          make the bus identity of one more host
`

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      driver: { type: 'string', default: 'process' },
      detach: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  })
  const [command, host] = positionals
  const options = { driver: values.driver, isJson: values.json }
  if (command === 'up') return values.detach ? upDetached(options) : up(options)
  if (command === 'down') return down()
  if (command === 'nats-user' && host && values.out) return natsUser(host, values.out)
  process.stderr.write(USAGE)
  process.exitCode = 2
}

try {
  await main()
} catch (error) {
  const isOrdinary = error instanceof Error
  process.stderr.write(`\nvessel: ${isOrdinary ? error.message : String(error)}\n`)
  process.exitCode = 1
}
