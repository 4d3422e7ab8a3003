import type { NatsConnection, Subscription } from '@nats-io/transport-node'
import { parseJson } from '@vessel/proto/parse'
import { subjects } from '@vessel/proto/subjects'
import { type Notice, notice } from '../notice.ts'
import type { HubLogger, NoticeAddress, Notifications } from '../ports.ts'
import type { Reconnects } from './reconnects.ts'

export interface NatsNotificationsDeps {
  readonly nc: NatsConnection
  readonly reconnects: Reconnects
  readonly log: HubLogger
}

/** Waiting longer for the server to know of a subscription helps nobody: a reconnect heals it. */
const FLUSH_TIMEOUT_MS = 2_000

interface Shared {
  readonly subscription: Subscription
  readonly listeners: Set<(notice: Notice) => void>
  readonly isHeard: Promise<void>
}

/** Core NATS, one subscription per subject however many listen. */
export function createNatsNotifications(deps: NatsNotificationsDeps): Notifications {
  const bySubject = new Map<string, Shared>()

  const open = (subject: string): Shared => {
    const listeners = new Set<(notice: Notice) => void>()
    const subscription = deps.nc.subscribe(subject, {
      callback: (error, message) => {
        if (error) return deps.log.warn({ subject, err: error.message }, 'notices not received')
        const parsed = parseNotice(message.data)
        if (!parsed) return deps.log.warn({ subject }, 'notice is not valid')
        for (const listener of [...listeners]) listener(parsed)
      },
    })
    const shared = { subscription, listeners, isHeard: flushed(deps.nc) }
    bySubject.set(subject, shared)
    return shared
  }

  return {
    async subscribe(address, listener) {
      const subject = subjectOf(address)
      const shared = bySubject.get(subject) ?? open(subject)
      shared.listeners.add(listener)
      await shared.isHeard
      return () => {
        if (!shared.listeners.delete(listener) || shared.listeners.size > 0) return
        shared.subscription.unsubscribe()
        if (bySubject.get(subject) === shared) bySubject.delete(subject)
      }
    },
    publish(address, value) {
      deps.nc.publish(subjectOf(address), JSON.stringify(value))
    },
    onInterrupted: (listener) => deps.reconnects.on(listener),
  }
}

function subjectOf(address: NoticeAddress): string {
  switch (address.kind) {
    case 'user':
      return subjects.notifyUser(address.id)
    case 'project':
      return subjects.notifyProject(address.id)
    case 'admin':
      return subjects.notifyAdmin
    case 'sockets':
      return subjects.notifySockets
  }
}

function parseNotice(data: Uint8Array): Notice | null {
  try {
    return parseJson(notice, data)
  } catch {
    // Of a newer release, or not ours: the caller logs it.
    return null
  }
}

async function flushed(nc: NatsConnection): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, FLUSH_TIMEOUT_MS)
  })
  try {
    await Promise.race([nc.flush(), timeout])
  } catch {
    // Disconnected: the subscription is sent again at the reconnect, which also reads state anew.
  } finally {
    clearTimeout(timer)
  }
}
