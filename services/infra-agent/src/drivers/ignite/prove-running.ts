import { VesselError } from '@vessel/proto/errors'
import { vmmState } from './firecracker.ts'
import type { IgniteHost } from './host.ts'
import { controlSocket } from './host-places.ts'
import { containerOf, type IgniteUid } from './ids.ts'

const LOOK_EVERY_MS = 100

/**
 * Returns once Firecracker itself says that the machine runs. Ignite reports success as soon as
 * there is a container, and after a crash even when nothing in it lives (facts §2.2 line 8, §3
 * failure 3). Whether the guest in it answers is the next step's question.
 */
export async function proveRunning(
  host: IgniteHost,
  uid: IgniteUid,
  signal: AbortSignal,
): Promise<void> {
  const { containerd, places, timeouts, clock } = host
  const startedMs = clock.monotonic()
  for (;;) {
    signal.throwIfAborted()
    const state = await vmmState(controlSocket(places, uid))
    if (state === 'running' || state === 'paused') return
    if (!(await containerd.runningTasks()).has(containerOf(uid))) {
      throw new VesselError('BOOT_FAILED', {
        detail: 'ignite reported a start, but its container has ended',
      })
    }
    if (clock.monotonic() - startedMs > timeouts.proofMs) {
      const detail = `ignite reported a start, but Firecracker is ${state}`
      throw new VesselError('BOOT_FAILED', { detail })
    }
    await clock.sleep(LOOK_EVERY_MS, signal)
  }
}
