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
// A product is the whole machine, so there are no more than two: that in virtual machines, which
// takes longest, and those of the other files one after the other.
const E2E = jest('e2e', '--maxWorkers=2')

// Storms over a whole cluster: the seeds are given in the environment (docs/testing.md). What
// follows a storm is mostly waiting for leases to end: the third file is for these times.
const FAULTS = jest('faults', '--maxWorkers=3')
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
  e2e: [E2E],
  faults: [FAULTS, SAME_INSTANT],
  machines: [MACHINES],
  all: [...CHECK, INTEGRATION, DASHBOARD, E2E, FAULTS],
}
