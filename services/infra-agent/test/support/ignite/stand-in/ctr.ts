import {
  containers,
  isContainer,
  killTask,
  removeContainer,
  removeTask,
  taskOf,
  tasks,
} from './containers.ts'
import { recordCall } from './state.ts'

recordCall('ctr')
const [, namespace, noun, verb, ...rest] = process.argv.slice(2)
const id = rest.at(-1) ?? ''

function fail(text: string): void {
  process.stderr.write(`ctr: ${text}\n`)
  process.exitCode = 1
}

// Ignite's namespace (§3): nothing of it is seen from another.
const COMMANDS: Record<string, () => void> = {
  'containers ls': () =>
    process.stdout.write(
      containers()
        .map((each) => `${each}\n`)
        .join(''),
    ),
  'containers rm': () => {
    if (!isContainer(id)) return fail(`container "${id}" in namespace "firecracker": not found`)
    if (taskOf(id)?.isRunning) return fail('cannot delete a non stopped container')
    removeContainer(id)
  },
  'tasks ls': () => {
    const rows = tasks().map(
      (task) => `${task.id}    ${task.pid}    ${task.isRunning ? 'RUNNING' : 'STOPPED'}\n`,
    )
    process.stdout.write(`TASK                       PID     STATUS    \n${rows.join('')}`)
  },
  'tasks rm': () => (taskOf(id) ? removeTask(id) : fail(`task ${id}: not found`)),
  'tasks kill': () => (taskOf(id) ? killTask(id) : fail(`task ${id}: not found`)),
}

if (namespace !== 'firecracker') fail(`namespace ${namespace}: nothing here`)
else (COMMANDS[`${noun} ${verb}`] ?? (() => fail(`no such command: ${noun} ${verb}`)))()
