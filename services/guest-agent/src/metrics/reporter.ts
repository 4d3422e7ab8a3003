import type { GuestMessage } from '@vessel/proto/guest/messages'
import type { TerminalInput } from '../activity/terminal-input.ts'
import { listPorts } from '../ports/port-usage.ts'
import { listProcesses, type SessionProcesses } from './session-processes.ts'
import type { SystemSampler } from './system-metrics.ts'
import { applicationUsage, busiest, type ProcessSample, processUsage } from './usage.ts'

/** What the dashboard's curves are drawn with; also the stream's heartbeat. */
export const REPORT_EVERY_MS = 5_000

export interface ReporterDeps {
  readonly system: SystemSampler
  readonly session: SessionProcesses
  readonly terminals: TerminalInput
  readonly ownPort: () => number
  readonly now: () => Date
  readonly publish: (message: GuestMessage) => void
  readonly warn: (text: string) => void
}

export interface Reporter {
  start(): void
  stop(): void
  /** One round of all measurements, also done every five seconds. */
  report(): Promise<void>
}

/** Measures the machine and the session's programs, and tells the stream. */
export function createReporter(deps: ReporterDeps): Reporter {
  let last: ProcessSample | undefined
  let timer: NodeJS.Timeout | undefined
  let isRunning = false

  const report = async (): Promise<void> => {
    const at = deps.now()
    const timestamp = at.toISOString()
    deps.publish({ type: 'system_metrics', timestamp, metrics: await deps.system.sample() })

    const processes = await deps.session.pick(await listProcesses())
    const now = { atMs: at.getTime(), processes }
    if (await deps.terminals.wasTyped(processes)) {
      deps.publish({ type: 'activity', timestamp, source: 'terminal' })
    }
    const usage = processUsage(last, now)
    last = now
    deps.publish({ type: 'process_snapshot', timestamp, processes: busiest(usage) })
    const applications = applicationUsage(usage)
    deps.publish({ type: 'application_usage', timestamp, applications })
    const ports = await listPorts(processes, deps.ownPort())
    deps.publish({ type: 'port_usage', timestamp, ports })
  }
  const tick = async (): Promise<void> => {
    // A machine too busy to answer in time gets one round less, not two at once.
    if (isRunning) return
    isRunning = true
    try {
      await report()
    } catch (thrown) {
      deps.warn(`metrics could not be read: ${String(thrown)}`)
    } finally {
      isRunning = false
    }
  }
  return {
    report,
    start: () => {
      timer = setInterval(() => void tick(), REPORT_EVERY_MS)
      void tick()
    },
    stop: () => clearInterval(timer),
  }
}
