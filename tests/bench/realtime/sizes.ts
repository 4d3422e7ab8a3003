/** How big each scenario is: quick tells on any machine whether something broke. */
const QUICK = {
  jitter: { clients: 250, messages: 60, perSecond: 2, cutEveryMs: 15_000, awayMs: 2_000 },
  throughput: { clients: [1_000], rounds: 3, roundMs: 3_000 },
  latency: { clients: 1_000, linesPerSecond: 50, urgentPerSecond: 3, rounds: 2, roundMs: 8_000 },
  memory: { connections: 5_000 },
  slow: { clients: 300, slow: 30, kibPerSecond: 512, baselineMs: 8_000, slowMs: 25_000 },
  hostile: { watchers: 200, forMs: 15_000 },
  avalanche: { clients: 1_000 },
  revocation: { clients: 500 },
}

export type Sizes = typeof QUICK

const FULL: Sizes = {
  jitter: { clients: 1_000, messages: 120, perSecond: 2, cutEveryMs: 15_000, awayMs: 2_000 },
  throughput: { clients: [1_000, 5_000], rounds: 5, roundMs: 5_000 },
  latency: { clients: 1_000, linesPerSecond: 50, urgentPerSecond: 3, rounds: 4, roundMs: 15_000 },
  memory: { connections: 10_000 },
  slow: { clients: 1_000, slow: 100, kibPerSecond: 512, baselineMs: 15_000, slowMs: 40_000 },
  hostile: { watchers: 900, forMs: 30_000 },
  avalanche: { clients: 5_000 },
  revocation: { clients: 1_000 },
}

export function sizesOf(size: 'quick' | 'full'): Sizes {
  return size === 'full' ? FULL : QUICK
}
