import type { SupabaseClient } from '@supabase/supabase-js'
import type { BusState } from './bus/bus-state.ts'
import type { Clock, Readiness } from './ports.ts'

/** Probes of many load balancers share one question to the database. */
const BELIEVED_MS = 2_000
/** A prober gives up soon after, and what does not answer is away. */
const STORE_TIMEOUT_MS = 2_500

export interface ReadinessDeps {
  readonly db: SupabaseClient
  readonly bus: BusState
  readonly clock: Clock
}

/**
 * What this copy lacks for its whole work. The cache is not among it: without it a copy is slower
 * and issues no codes, but all copies share it, so none would be better.
 */
export function createReadiness(deps: ReadinessDeps): Readiness & { shutDown(): void } {
  let isShuttingDown = false
  let asked: { atMs: number; isUp: Promise<boolean> } | null = null

  const isStoreUp = () => {
    const nowMs = deps.clock.now()
    if (!asked || nowMs - asked.atMs > BELIEVED_MS) asked = { atMs: nowMs, isUp: askStore(deps.db) }
    return asked.isUp
  }

  return {
    async check() {
      if (isShuttingDown) return ['shutting-down']
      const isUp = await isStoreUp()
      return [...(isUp ? [] : ['store']), ...(deps.bus.isConnected() ? [] : ['bus'])]
    },
    shutDown() {
      isShuttingDown = true
    },
  }
}

async function askStore(db: SupabaseClient): Promise<boolean> {
  const signal = AbortSignal.timeout(STORE_TIMEOUT_MS)
  const { error } = await db.from('projects').select('id').limit(1).abortSignal(signal)
  return error === null
}
