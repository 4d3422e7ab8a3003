export interface Stage {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  /** A jest run is counted by its own report; anything else counts as one check. */
  readonly isJest: boolean
}

const tool = (name: string, command: string, ...args: string[]): Stage => ({
  name,
  command,
  args,
  isJest: false,
})

const jest = (project: string, ...args: string[]): Stage => ({
  name: project,
  command: 'node',
  args: [
    '--experimental-vm-modules',
    'node_modules/jest/bin/jest.js',
    '--selectProjects',
    project,
    ...args,
  ],
  isJest: true,
})

const CHECK: readonly Stage[] = [
  tool('types', 'tsc', '-b'),
  tool('types of the dashboard', 'tsc', '-p', 'dashboard', '--noEmit'),
  tool('lint and format', 'biome', 'check', '--error-on-warnings', '.'),
  jest('unit'),
]

// Each file starts servers of its own and waits for them much of its time: one file more than the
// two cores keeps them at work.
const INTEGRATION = jest('integration', '--maxWorkers=3')
const DASHBOARD = jest('dashboard', '--maxWorkers=3', '--testPathIgnorePatterns', 'by-hand')
// Alone, or it would measure the other suites; and by hand, or it would measure the machine.
const SPEED: Stage = {
  ...jest('dashboard', '--runInBand', '--testPathPatterns', 'by-hand'),
  name: 'speed and patience of the dashboard',
}
// A product waits much of its time, so there may be two; but emulated machines do not wait, and
// theirs is alone: beside another product a boot took longer than five minutes.
const SYSTEM = 'tests/system'
const E2E = jest('e2e', '--maxWorkers=2', '--testPathIgnorePatterns', SYSTEM)
const VIRTUAL: Stage = {
  ...jest('e2e', '--runInBand', '--testPathPatterns', SYSTEM),
  name: 'virtual machines',
}

// Storms over a whole cluster: the seeds are given in the environment (docs/testing.md). One of
// them alone is work for both cores; two at a time took a slow machine beyond every limit of time
// there is. Beside them runs what waits for leases to end most of its time.
const FAULTS = jest('faults', '--maxWorkers=2')
const SAME_INSTANT: Stage = {
  ...jest('integration', '--testPathPatterns', 'core/lifecycle', '-t', 'one machine'),
  name: 'opening at the same instant',
}

// Emulated machines by the dozen.
const MACHINES = jest('machines', '--runInBand')

/** What each word of `make` runs, in order. */
export const PLANS: Readonly<Record<string, readonly Stage[]>> = {
  check: CHECK,
  integration: [INTEGRATION],
  dashboard: [DASHBOARD, SPEED],
  e2e: [E2E, VIRTUAL],
  faults: [FAULTS, SAME_INSTANT],
  machines: [MACHINES],
  all: [...CHECK, INTEGRATION, DASHBOARD, E2E, VIRTUAL, FAULTS],
}
