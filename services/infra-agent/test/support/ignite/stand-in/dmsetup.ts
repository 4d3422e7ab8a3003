import { unmap } from './loops.ts'
import { at, names, recordCall } from './state.ts'

recordCall('dmsetup')
const argv = process.argv.slice(2)
const known = names(at('mappings'))

if (argv[0] === 'ls') {
  const lines = known.map((name, index) => `${name}\t(253:${index})\n`)
  process.stdout.write(lines.join('') || 'No devices found\n')
} else if (known.includes(argv.at(-1) ?? '')) {
  const name = argv.at(-1) ?? ''
  // What a snapshot stands on is in use (§1, upstream issue 711).
  if (name.endsWith('-base') && known.includes(name.replace(/-base$/, ''))) {
    process.stderr.write(`device-mapper: remove ioctl on ${name} failed: Device or resource busy\n`)
    process.exitCode = 1
  } else unmap(name)
} else {
  process.stderr.write('Device does not exist: No such device or address\n')
  process.exitCode = 1
}
