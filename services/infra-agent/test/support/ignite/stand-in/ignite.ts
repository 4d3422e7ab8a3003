import { isContainer, taskOf } from './containers.ts'
import { create } from './create.ts'
import { parseRunFlags } from './flags.ts'
import { logs } from './logs.ts'
import { manifests, resolve } from './manifests.ts'
import { removeMachine } from './remove.ts'
import { Fatal, print, say } from './say.ts'
import { start } from './start.ts'
import { recordCall, takeFault } from './state.ts'
import { ensure, forget, type Kind, list } from './stored.ts'

recordCall('ignite')

async function run(argv: readonly string[]): Promise<void> {
  const flags = parseRunFlags(argv)
  if (!flags) throw new Usage('unknown flag or argument')
  await start(await create(flags))
}

/** §2.3: no JSON; without `--all` only what the manifest says is running. */
function ps(argv: readonly string[]): void {
  if (takeFault('ps')) throw new Fatal('failed to get VMs')
  const template = argv[argv.indexOf('-t') + 1] ?? ''
  const isAll = argv.includes('--all') || argv.includes('-a')
  for (const { metadata, status } of manifests().filter((each) => isAll || each.status.running)) {
    const fields: Record<string, string> = {
      '{{.Name}}': metadata.name,
      '{{.UID}}': metadata.uid,
      '{{.Status.Running}}': String(status.running),
    }
    print(`${template.replace(/\{\{[^}]+\}\}/g, (field) => fields[field] ?? '<no value>')}\n`)
  }
  // §2.1: warnings come after the listing, on the same stream, with exit code 0.
  for (const { metadata, status } of manifests()) {
    const id = `ignite-${metadata.uid}`
    if (!status.running || (isContainer(id) && taskOf(id)?.isRunning)) continue
    say(`Failed to inspect container ${id} of VM ${metadata.name} ${metadata.uid}`, 'warning')
  }
}

function inspect([kind, query]: readonly string[]): void {
  if (kind !== 'vm' || query === undefined) throw new Usage('inspect <kind> <object>')
  print(`${JSON.stringify(resolve(query), null, 2)}\n`)
}

async function stored(kind: Kind, [verb, name = '']: readonly string[]): Promise<void> {
  if (verb === 'ls') return list(kind)
  if (verb === 'rm') return forget(kind, name)
  if (verb !== 'import') throw new Usage(`unknown command ${verb}`)
  await ensure(kind, name)
}

class Usage extends Error {}

const COMMANDS: Record<string, (argv: readonly string[]) => Promise<void> | void> = {
  run,
  ps,
  inspect,
  start: ([query = '']) => start(resolve(query)),
  rm: (argv) => removeMachine(argv.at(-1) ?? '', argv.includes('--force') || argv.includes('-f')),
  logs: ([query = '']) => logs(query),
  image: (argv) => stored('image', argv),
  kernel: (argv) => stored('kernel', argv),
}

try {
  const [command = '', ...argv] = process.argv.slice(2)
  const act = COMMANDS[command]
  if (!act) throw new Usage(`unknown command "${command}" for "ignite"`)
  await act(argv)
  process.exit(0)
} catch (thrown) {
  // §2.1: usage errors go to standard error, every other error to standard output.
  if (thrown instanceof Usage) process.stderr.write(`Error: ${thrown.message}\n`)
  else say(thrown instanceof Fatal ? thrown.message : String(thrown), 'fatal')
  process.exit(1)
}
