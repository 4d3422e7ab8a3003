import { VISITORS_LOOK_EVERY_MS } from '@vessel/proto/requests/ended-visitors'
import type { Ops } from '../journal/ops.ts'
import type { Visitors } from '../visitors/visitors.ts'
import type { WarmPool } from '../warm/warm-pool.ts'
import type { HostSessions } from './host-sessions.ts'
import { createOrphanSweep, type OrphanSweepDeps } from './sweep-orphans.ts'
import type { Chore } from './upkeep.ts'

const DISK_LOOK_EVERY_MS = 5_000
const SWEEP_EVERY_MS = 15_000
const LEFTOVERS_EVERY_MS = 15_000
const ORPHANS_EVERY_MS = 60_000
const WARM_EVERY_MS = 2_000
const OPS_EVERY_MS = 600_000

export interface ChoresDeps extends OrphanSweepDeps {
  readonly sessions: HostSessions
  readonly warm: WarmPool
  readonly visitors: Visitors
  readonly ops: Ops
  readonly measureDisk: () => Promise<void>
}

/** What the host does by itself, over and over. */
export function choresOf(deps: ChoresDeps): Chore[] {
  const { sessions, warm, visitors, ops, clock, driver, measureDisk } = deps
  return [
    { name: 'disk', everyMs: DISK_LOOK_EVERY_MS, run: measureDisk },
    { name: 'sweep', everyMs: SWEEP_EVERY_MS, run: () => sessions.sweep(clock.now()) },
    { name: 'leftovers', everyMs: LEFTOVERS_EVERY_MS, run: async () => driver.sweep?.() },
    { name: 'orphans', everyMs: ORPHANS_EVERY_MS, run: createOrphanSweep(deps) },
    { name: 'warm', everyMs: WARM_EVERY_MS, run: () => warm.refill() },
    { name: 'visitors', everyMs: VISITORS_LOOK_EVERY_MS, run: () => visitors.look() },
    { name: 'ops', everyMs: OPS_EVERY_MS, run: () => ops.forgetOld(clock.now()) },
  ]
}
