const inAgent = (...names: string[]) =>
  names.map((name) => `services/infra-agent/test/${name}.int.test.ts`)
const inGuest = (...names: string[]) =>
  names.map((name) => `services/guest-agent/test/${name}.int.test.ts`)
const inOrchestrator = (...names: string[]) =>
  names.map((name) => `services/orchestrator/test/${name}.int.test.ts`)

/** What takes long, of every stage, the longest first. What is not named comes after it. */
export const LONGEST: readonly string[] = [
  ...inAgent('qemu-driver', 'crash', 'ignite-driver', 'saving'),
  ...inGuest('threads'),
  ...inOrchestrator('core/scale'),
  ...inAgent('process-driver'),
  'deploy/local/stack/test/stack.int.test.ts',
  ...inAgent('ignite-crashes', 'ignite-faults', 'cli', 'warm-pool'),
  ...inGuest('walk-tree', 'main', 'incremental'),
  ...inOrchestrator('http/limits', 'http/whole', 'core/lifecycle', 'http/closing'),
  ...inAgent('ignite-lifecycle'),
  'tests/dashboard/session-pages.test.ts',
  'tests/dashboard/pages.test.ts',
  'tests/system/virtual-machine.test.ts',
  'tests/faults/seeds.test.ts',
  'tests/faults/kill-points.test.ts',
]

/** Where in the order a file of this name runs. */
export function placeOf(path: string): number {
  const place = LONGEST.indexOf(path)
  return place < 0 ? LONGEST.length : place
}
