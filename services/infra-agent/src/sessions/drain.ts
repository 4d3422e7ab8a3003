import type { HostState } from '../host/host-state.ts'
import type { Log } from '../vm/ports.ts'
import type { HostSessions } from './host-sessions.ts'

/** Saves and stops the host's sessions one by one while it is draining. */
export function createDrainer(deps: { sessions: HostSessions; hostState: HostState; log: Log }) {
  let isRunning = false

  async function drain(): Promise<void> {
    if (isRunning) return
    isRunning = true
    try {
      for (const { vm } of deps.sessions.all()) {
        if (!deps.hostState.isDraining) return
        if (vm.context.record.end) continue
        await vm.stop({ mode: 'save', reason: 'host_drain', failure: null })
        await vm.whenDone()
      }
      deps.log.info({}, 'host drained')
    } finally {
      isRunning = false
    }
  }

  return (): void => {
    drain().catch((thrown) => deps.log.error({ err: thrown }, 'drain failed'))
  }
}
