import { existsSync } from 'node:fs'
import { allLoops, attach, detach } from './loops.ts'
import { recordCall } from './state.ts'

recordCall('losetup')
const [flag, ...rest] = process.argv.slice(2)

if (flag === '--list') {
  const loopdevices = allLoops().map(({ device, file }) => ({
    name: device,
    'back-file': existsSync(file) ? file : `${file} (deleted)`,
  }))
  // As the real one: no document at all where there is no device.
  if (loopdevices.length > 0) process.stdout.write(JSON.stringify({ loopdevices }))
} else if (flag === '--find') {
  process.stdout.write(`${attach(rest.at(-1) ?? '')}\n`)
} else if (flag === '--detach' && existsSync(rest[0] ?? '')) {
  detach(rest[0] ?? '')
} else {
  process.stderr.write(`losetup: ${rest[0]}: detach failed: No such device or address\n`)
  process.exitCode = 1
}
