import type { GuestMessage } from '@vessel/proto/guest/messages'
import { consoleText } from './console-text.ts'
import { placeOf } from './record.ts'
import { guestOf, type SessionContext } from './session-context.ts'

const RETRY_MS = 500
/** Activity is kept in memory and written down this often: it is about half hours. */
const ACTIVITY_WRITTEN_EVERY_MS = 60_000

/** Follows what a machine says, over losses of the connection, until aborted. Never throws. */
export async function listenToMachine(context: SessionContext, signal: AbortSignal): Promise<void> {
  await Promise.all([followConsole(context, signal), followGuest(context, signal)])
}

async function followConsole(context: SessionContext, signal: AbortSignal): Promise<void> {
  const { driver, clock, log } = context.deps
  const onLine = (line: string) => context.feed.line('console', consoleText(line))
  while (!signal.aborted) {
    try {
      await driver.console(placeOf(context.record), onLine, signal)
    } catch (thrown) {
      log.warn({ session: context.record.session, err: thrown }, 'console not followed')
    }
    await clock.sleep(RETRY_MS, signal).catch(() => undefined)
  }
}

async function followGuest(context: SessionContext, signal: AbortSignal): Promise<void> {
  const { guest, clock, log } = context.deps
  const receive = createReceiver(context)
  while (!signal.aborted) {
    if (context.record.endpoint && !context.record.isPaused) {
      try {
        await guest.stream(guestOf(context.record), receive, signal)
      } catch (thrown) {
        const { session } = context.record
        if (!signal.aborted) log.debug({ session, err: thrown }, 'guest stream ended')
      }
    }
    await clock.sleep(RETRY_MS, signal).catch(() => undefined)
  }
}

function createReceiver(context: SessionContext): (message: GuestMessage) => void {
  const { clock, log } = context.deps
  let writtenMs = Number.NEGATIVE_INFINITY

  const guard = (work: Promise<void>) => {
    work.catch((thrown) => {
      log.warn({ session: context.record.session, err: thrown }, 'guest message not handled')
    })
  }
  const onActivity = async () => {
    if (clock.monotonic() - writtenMs < ACTIVITY_WRITTEN_EVERY_MS) return
    writtenMs = clock.monotonic()
    await context.update({ lastActivityAt: new Date(clock.now()).toISOString() })
  }

  return (message) => {
    switch (message.type) {
      case 'log':
        return context.feed.line(message.source, message.text, message.level)
      case 'activity':
        return guard(onActivity())
      case 'port_usage':
        return guard(updatePorts(context, message.ports))
      case 'vm_identification':
      case 'system_metrics':
      case 'process_snapshot':
      case 'application_usage':
        return context.feed.metric(message)
    }
  }
}

/** Each port the user's programs listen on gets a name of its own at the gateway. */
async function updatePorts(
  context: SessionContext,
  found: readonly { port: number; process: string | null }[],
): Promise<void> {
  const ports = [...new Set(found.map(({ port }) => port))].sort((a, b) => a - b)
  const { record } = context
  if (ports.join() === record.ports.join()) return
  await context.update({ ports })
  const isRouted = record.readyAt !== null && record.stop === null && !record.isLeaseLost
  if (isRouted) await context.deps.routes.publish(context.record)
  await context.feed.event({ type: 'ports', epoch: record.epoch, ports: [...found] })
}
